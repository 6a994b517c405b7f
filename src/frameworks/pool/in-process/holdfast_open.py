"""Ends a Python process whose tests have ended, although something keeps it open: a thread that is no daemon, or a function of atexit."""

import os
import sys
import threading
import time

GRACE_SECONDS = int(os.environ.get("HOLDFAST_OPEN_GRACE_MS", "2000")) / 1000


def end_in_time(code, report=None):
    """Exits with this code, as the process would by itself if it ends within the grace; else at once, and `report.write(open=names)` says
    what is still open. Late changes of the exit code count only within the grace."""
    sleep, exit_now, report_open = time.sleep, os._exit, report.write if report is not None else None

    def end():
        sleep(GRACE_SECONDS)
        if report_open is not None:
            report_open(open=what_is_open())
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        exit_now(code)

    try:
        threading.Thread(target=end, name="holdfast", daemon=True).start()
    except RuntimeError:
        pass  # No more threads: the process ends when it does.
    sys.exit(code)


def what_is_open():
    """Names of the threads or processes that Python waits for, or of the function at exit that does not return."""
    frame = sys._current_frames().get(threading.main_thread().ident)
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    module = None if frame is None else frame.f_globals.get("__name__")
    if module == "threading":
        return sorted("thread %s" % thread.name for thread in threads())
    if module == "multiprocessing.util":
        return sorted("process %s" % child.name for child in children())
    where = "" if frame is None else " %s (%s:%d)" % (frame.f_code.co_name, frame.f_code.co_filename, frame.f_lineno)
    return ["function at exit%s" % where]


def waited_for():
    """The threads and the processes of multiprocessing that Python waits for before it exits."""
    return threads() | children()


def threads():
    return {thread for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()}


def children():
    return {child for child in getattr(sys.modules.get("multiprocessing.process"), "_children", ()) if not child.daemon}


def end_by_themselves():
    """The threads of executors, which Python ends at exit as soon as they are idle."""
    return set(getattr(sys.modules.get("concurrent.futures.thread"), "_threads_queues", ()))
