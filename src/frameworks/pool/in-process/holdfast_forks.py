"""The session's end of the channel to its worker, in Python; ../protocol.ts has the messages. Each order runs in a fork: what it does
ends with its process, as in one that was started for it.

For a single file the answer tells how the fork ended. Several files the fork runs one after the other, and answers for each as soon as
it has ended; what it leaves open is answered as red.
"""

import json
import os
import signal
import sys

CHANNEL = 3


def serve(run):
    """Works on one order after the other, until the channel is closed. In a fork, `run(order, answers)` ends it by SystemExit or by
    returning; `answers` is a descriptor for the answers of several files, None for a single one."""
    with os.fdopen(os.dup(CHANNEL), "rb", buffering=0) as lines:
        while True:
            line = lines.readline()
            if not line:
                return
            order = json.loads(line)
            if order["kind"] == "run":
                serve_one(order, lines, run)
            else:
                tell({"kind": "cannot", "reason": "its session only runs files"})


def serve_one(order, lines, run):
    files = order["files"]
    is_single = len(files) == 1
    reading, writing = (None, None) if is_single else os.pipe()  # Closed on exec: no child of a test has it.
    child = os.fork()
    if child == 0:
        lines.close()
        if reading is not None:
            os.close(reading)
        os.close(CHANNEL)
        os.environ.update(order["env"])
        seed_anew()
        run(order, writing)
        sys.exit(0)
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


def seed_anew():
    """Two files must not see the same chance."""
    if "random" in sys.modules:
        sys.modules["random"].seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def tell(answer):
    os.write(CHANNEL, json.dumps(answer).encode() + b"\n")


def relay(answers, files):
    """Hands on what the fork says of its files, until it has ended. Returns those it has said nothing of."""
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
