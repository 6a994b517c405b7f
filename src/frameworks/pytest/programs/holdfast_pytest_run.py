"""Runs pytest once in this process: `holdfast_pytest_run.py CALL`, a call in JSON (see holdfast_pytest.py)."""

import importlib
import json
import os
import sys


def load(*names):
    """Imports modules of Holdfast, and with them pytest: the project's, possibly in its folder, by the path that `python -m pytest` has."""
    own = os.path.dirname(os.path.abspath(__file__))
    folders = [own, os.path.join(own, "../../pool/in-process")]
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0] = os.getcwd()
    sys.path += folders  # At the end, so that they shadow nothing.
    modules = [importlib.import_module(name) for name in names]
    del sys.path[-len(folders) :]
    return modules


if __name__ == "__main__":
    (pytest_run,) = load("holdfast_pytest")
    pytest_run.run(json.loads(sys.argv[1]))
