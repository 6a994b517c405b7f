"""A pytest session: loads pytest once and forks for each order (see holdfast_forks.py).

The options of an order are "args" for pytest, which include the file if there is only one, and "path", which is appended to sys.path.
Several files are one pytest run (see holdfast_pytest_files.py).
"""

import importlib.metadata
import os
import random  # noqa: F401 (reseeded in each fork)
import sys

sys.path[0] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../pool/in-process")

import holdfast_forks  # noqa: E402

sys.path[0] = os.getcwd()  # As with `python -m pytest`.

import pytest  # noqa: E402 (the project's, possibly in its folder)


def load_plugins():
    """Imports what pytest imports before it reads any file of the project."""
    import _pytest.config

    for name in (*_pytest.config.essential_plugins, *_pytest.config.default_plugins):
        __import__("_pytest." + name)
    if os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        return
    points = importlib.metadata.entry_points()
    for point in points.select(group="pytest11") if hasattr(points, "select") else points.get("pytest11", []):
        __import__(point.value.partition(":")[0])


def run(order, answers):
    """Runs in the fork and ends it."""
    sys.path.append(order["options"]["path"])
    plugins, args = [], order["options"]["args"]
    if answers is not None:
        from holdfast_pytest_files import EachFile

        plugins.append(EachFile(order["files"], answers))
        args = [*args, *("./" + file for file in order["files"])]
    sys.argv = ["pytest", *args]
    sys.exit(pytest.main(args, plugins))


if __name__ == "__main__":
    try:
        load_plugins()
    except Exception:
        pass  # Each file will report the error itself.
    holdfast_forks.serve(run)
