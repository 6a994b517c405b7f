"""A process that has pytest loaded, and forks for each file: what a file does ends with it, as in a process that was started for it.

An order is a line of JSON on descriptor 3: "args" for pytest, "env" for the environment, "path" to be searched for modules last. The answer
tells how the child ended: "exitCode", or "signal" by its number.
"""

import importlib.metadata
import json
import os
import random
import signal
import sys

CHANNEL = 3

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


def run(order):
    """In the child: never comes back but to end."""
    os.close(CHANNEL)
    os.environ.update(order["env"])
    if "path" in order:
        sys.path.append(order["path"])
    random.seed()  # Two files must not see the same chance.
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    sys.argv = ["pytest", *order["args"]]
    sys.exit(pytest.main(order["args"]))


def kill_what_is_left():
    """All of this group but this process: a file's own group would end with it."""
    for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            if os.getpgid(int(name)) == os.getpgrp():
                os.kill(int(name), signal.SIGKILL)
        except OSError:
            pass  # It has just ended, or is another's.


def main():
    try:
        load_plugins()
    except Exception:
        pass  # Each file will say so itself.
    with os.fdopen(os.dup(CHANNEL), "rb", buffering=0) as lines:
        while True:
            line = lines.readline()
            if not line:
                return
            order = json.loads(line)
            child = os.fork()
            if child == 0:
                lines.close()
                run(order)
            status = os.waitpid(child, 0)[1]
            kill_what_is_left()
            ended = {"signal": os.WTERMSIG(status)} if os.WIFSIGNALED(status) else {"exitCode": os.WEXITSTATUS(status)}
            os.write(CHANNEL, json.dumps(ended).encode() + b"\n")


if __name__ == "__main__":
    main()
