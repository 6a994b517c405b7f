"""The session's end of the channel to its worker, in Python; see ../protocol.ts for the messages. Each order runs in a fork, so its
effects end with that process.

For a single file the answer says how the fork ended. For several files the fork runs one after another and answers for each as it ends;
files that it does not answer for are reported as red.
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
        unanswered, status = [], os.waitpid(child, 0)[1]
    else:
        os.close(writing)
        unanswered, status = relay(child, reading, files)
    kill_what_is_left()
    if is_single and os.WIFSIGNALED(status):
        send({"kind": "signalled", "file": files[0], "signal": os.WTERMSIG(status)})
    elif is_single:
        send({"kind": "exited", "file": files[0], "exitCode": os.WEXITSTATUS(status)})
    for file in unanswered:
        send({"kind": "exited", "file": file, "exitCode": 1})


def reseed():
    """Gives each fork its own random numbers."""
    if "random" in sys.modules:
        sys.modules["random"].seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def send(answer):
    os.write(CHANNEL, json.dumps(answer).encode() + b"\n")


def relay(child, answers, files):
    """Forwards the fork's answers until it ends. Returns the files it has not answered for, and how it ended (as waitpid). The end of
    the pipe is not enough: a process that a test forked and left behind keeps it open."""
    unanswered, status, text = list(files), None, b""
    while True:
        if select.select([answers], [], [], LOOK_SECONDS if status is None else 0)[0]:
            chunk = os.read(answers, 65536)
            *lines, text = (text + chunk).split(b"\n")
            for answer in map(json.loads, lines):
                if answer["file"] in unanswered:
                    unanswered.remove(answer["file"])
                    send(answer)
            if not chunk:
                break
        elif status is not None:
            break
        else:
            ended, found = os.waitpid(child, os.WNOHANG)
            status = found if ended else None
    os.close(answers)
    return unanswered, os.waitpid(child, 0)[1] if status is None else status


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
