"""The session's end of the channel to its worker, in Python; see ../protocol.ts for the messages. Each order runs in a fork, so its
effects end with that process.

For a single file the answer says how the fork ended. For several files the fork says which one begins, and answers for each as it ends. If
it ends before that, the first file without an answer is reported as red, and the order ends there.
"""

import json
import os
import select
import signal
import sys

CHANNEL = 3
LOOK_SECONDS = 0.1


def serve(run):
    """Handles one order at a time until the channel is closed. `run(order, answers)` is called in a fork, which ends when it returns or
    raises SystemExit. `answers` is a descriptor for the answers of several files, or None for a single file."""
    with os.fdopen(os.dup(CHANNEL), "rb", buffering=0) as lines:
        while True:
            line = lines.readline()
            if not line:
                return
            order = json.loads(line)
            if order["kind"] == "run":
                serve_one(order, lines, run)
            else:
                send({"kind": "cannot", "reason": "the session can only run files"})


def serve_one(order, lines, run):
    files = order["files"]
    is_single = len(files) == 1
    reading, writing = (None, None) if is_single else os.pipe()  # Closed on exec, so children of tests do not inherit it.
    child = os.fork()
    if child == 0:
        lines.close()
        if reading is not None:
            os.close(reading)
        os.close(CHANNEL)
        os.environ.update(order["env"])
        reseed()
        run(order, writing)
        sys.exit(0)
    if is_single:
        status = os.waitpid(child, 0)[1]
    else:
        os.close(writing)
        unanswered, begun = relay(child, reading, files)
    kill_what_is_left()
    if is_single and os.WIFSIGNALED(status):
        send({"kind": "signalled", "file": files[0], "signal": os.WTERMSIG(status)})
    elif is_single:
        send({"kind": "exited", "file": files[0], "exitCode": os.WEXITSTATUS(status)})
    elif unanswered:  # The others are asked for again.
        file = unanswered[0]
        send({"kind": "exited", "file": file, "exitCode": 1, "hasBegun": file in begun, "isLast": True})


def reseed():
    """Gives each fork its own random numbers."""
    if "random" in sys.modules:
        sys.modules["random"].seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def send(answer):
    os.write(CHANNEL, json.dumps(answer).encode() + b"\n")


def relay(child, answers, files):
    """Forwards the fork's answers until it ends. Returns the files it has not answered for, and those that have begun. The end of the pipe
    is not enough: a process that a test forked and left behind keeps it open."""
    unanswered, begun, text, is_over = list(files), set(), b"", False
    while True:
        if select.select([answers], [], [], 0 if is_over else LOOK_SECONDS)[0]:
            chunk = os.read(answers, 65536)
            *lines, text = (text + chunk).split(b"\n")
            for answer in map(json.loads, lines):
                if answer["kind"] == "begins":
                    begun.add(answer["file"])
                elif answer["file"] in unanswered:
                    unanswered.remove(answer["file"])
                    send(answer)
            if not chunk:
                break
        elif is_over:
            break
        else:
            is_over = os.waitpid(child, os.WNOHANG)[0] == child
    os.close(answers)
    if not is_over:
        os.waitpid(child, 0)
    return unanswered, begun


def kill_what_is_left():
    """Kills everything in this process group except this process, as happens to the group of a file that runs on its own."""
    for name in os.listdir("/proc") if os.path.isdir("/proc") else []:
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            if os.getpgid(int(name)) == os.getpgrp():
                os.kill(int(name), signal.SIGKILL)
        except OSError:
            pass  # It has just ended, or belongs to another user.
