"""A process that has pytest loaded, and forks for each order: what its files do ends with it, as in a process that was started for them.

The messages on descriptor 3 are those of ../../pool/protocol.ts; the options of an order are "args" for pytest and "path", to be searched for modules
last. For a single file the arguments name it, and the answer tells how the child ended. Several files the child runs one after the other, as one run
of pytest, and each has an answer as soon as it has ended (see holdfast_pytest_files.py); what the child leaves open is answered as red.
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


def run(order, answers):
    """In the child: never comes back but to end. `answers` is a pipe to the parent, None where files are not answered for one by one."""
    os.close(CHANNEL)
    os.environ.update(order["env"])
    sys.path.append(order["options"]["path"])
    random.seed()  # Two files must not see the same chance.
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    plugins, args = [], order["options"]["args"]
    if answers is not None:
        from holdfast_pytest_files import EachFile

        plugins.append(EachFile(order["files"], answers))
        args = [*args, *("./" + file for file in order["files"])]
    sys.argv = ["pytest", *args]
    sys.exit(pytest.main(args, plugins))


def tell(answer):
    os.write(CHANNEL, json.dumps(answer).encode() + b"\n")


def relay(answers, files):
    """Hands on what the child says of its files, until it has ended. Returns those it has said nothing of."""
    unanswered = list(files)
    with os.fdopen(answers, "rb") as lines:
        for line in lines:
            answer = json.loads(line)
            if answer["file"] in unanswered:
                unanswered.remove(answer["file"])
                tell(answer)
    return unanswered


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


def serve(order, lines):
    if order["kind"] != "run":
        return tell({"kind": "cannot", "reason": "its session only runs files"})
    files = order["files"]
    is_single = len(files) == 1
    reading, writing = (None, None) if is_single else os.pipe()  # Closed on exec: no child of a test has it.
    child = os.fork()
    if child == 0:
        lines.close()
        if reading is not None:
            os.close(reading)
        run(order, writing)
    unanswered = []
    if not is_single:
        os.close(writing)
        unanswered = relay(reading, files)
    status = os.waitpid(child, 0)[1]
    kill_what_is_left()
    if is_single and os.WIFSIGNALED(status):
        tell({"kind": "signalled", "file": files[0], "signal": os.WTERMSIG(status)})
    elif is_single:
        tell({"kind": "exited", "file": files[0], "exitCode": os.WEXITSTATUS(status)})
    for file in unanswered:
        tell({"kind": "exited", "file": file, "exitCode": 1})


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
            serve(json.loads(line), lines)


if __name__ == "__main__":
    main()
