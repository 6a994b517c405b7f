"""A pytest session: loads pytest once and forks for each order (see holdfast_forks.py).

The options of an order are a call without its files (see holdfast_pytest.py). Several files are one pytest run, for which the fork
answers (see holdfast_pytest_files.py).
"""

from holdfast_pytest_run import load


def import_built_in():
    """Imports what every run of pytest imports before anything else. Plugins of others are left to each run: pytest rewrites them."""
    import _pytest.config

    for name in (*_pytest.config.essential_plugins, *_pytest.config.default_plugins):
        __import__("_pytest." + name)


def run_order(order, answers):
    """Runs in the fork and ends it."""
    holdfast_pytest.run({**order["options"], "files": order["files"]}, answers)


if __name__ == "__main__":
    holdfast_pytest, holdfast_forks = load("holdfast_pytest", "holdfast_forks")
    try:
        import_built_in()
    except Exception:
        pass  # Each file will report the error itself.
    holdfast_forks.serve(run_order)
