"""A session of pytest, which is loaded once and forked for each order (see holdfast_forks.py).

The options of an order are "args" for pytest, which name the file where it is a single one, and "path", to be searched for modules last.
Several files are one run of pytest (see holdfast_pytest_files.py).
"""

import importlib.metadata
import os
import random  # noqa: F401 (seeded anew in each fork)
import sys

sys.path[0] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../pool/in-process")

import holdfast_forks  # noqa: E402

sys.path[0] = os.getcwd()  # As `python -m pytest` has it.

import pytest  # noqa: E402 (the project's own, which may be in its folder)


def load_plugins():
    """Imports what pytest would import before it reads any file of the project."""
    import _pytest.config

    for name in (*_pytest.config.essential_plugins, *_pytest.config.default_plugins):
        __import__("_pytest." + name)
    if os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        return
    points = importlib.metadata.entry_points()
    for point in points.select(group="pytest11") if hasattr(points, "select") else points.get("pytest11", []):
        __import__(point.value.partition(":")[0])


def run(order, answers):
    """In the fork, which it ends."""
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
        pass  # Each file will say so itself.
    holdfast_forks.serve(run)
