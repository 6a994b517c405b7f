"""The report of a run, as lines of JSON; holdfast's report.ts decides what they mean.

  {"begins": name}          a test begins
  {"phase": "setup" | "call" | "teardown", "name": name, "outcome": …, "seconds": …}    a phase has ended, with
      "xfail": reason       if a failure was expected
      "subtest": …          if it is a subtest that pytest counts
      "message", "stack", "output"    unless it passed
  {"collected": name, "outcome": "failed" | "skipped", "message": …, "stack": …}    a file or class could not be collected, or skips itself
  {"took": seconds}         the collection and the tests have ended; other time is that of the call
  {"interrupted": reason}   by pytest.exit() or KeyboardInterrupt
  {"end": exit code}        the end of pytest; without it the report is not complete
  {"open": [name, …]}       what kept the process alive after that
A name is that of a case, classes first; [] is the file as a whole.
"""

import time

import pytest

from holdfast_pytest_choice import below_file, name_of

MOST = 1_000_000  # Characters of a text.


class Reporting:
    """Reports a run with `write(**line)`."""

    def __init__(self, write):
        self.write = write
        self.names = {}

    def pytest_configure(self, config):
        self.config = config

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_make_collect_report(self, collector):
        self.names[collector.nodeid] = below_file(collector)
        yield

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        self.names = {item.nodeid: name_of(item)}
        yield

    def name_of(self, nodeid):
        return self.names.get(nodeid) or nodeid.split("::")[1:] or [nodeid]

    def pytest_runtest_logstart(self, nodeid):
        self.write(begins=self.name_of(nodeid))

    @pytest.hookimpl(trylast=True)  # After pytest's own, which makes a test red whose subtests are.
    def pytest_runtest_logreport(self, report):
        describe = getattr(report, "_sub_test_description", None) or getattr(report, "sub_test_description", None)
        subtest = {}
        if describe is not None:  # It is a subtest, of pytest 9 or of pytest-subtests.
            category = self.config.hook.pytest_report_teststatus(report=report, config=self.config)[0]
            if category == "" or category.startswith("subtests "):
                return
            subtest = {"subtest": describe()}
        self.write(
            phase=report.when,
            name=self.name_of(report.nodeid),
            outcome=report.outcome,
            seconds=getattr(report, "duration", 0),
            **subtest,
            **reason_of(report),
        )

    def pytest_collectreport(self, report):
        if report.outcome != "passed":
            self.write(collected=self.names.get(report.nodeid, []), outcome=report.outcome, **reason_of(report))

    def pytest_keyboard_interrupt(self, excinfo):
        if not isinstance(excinfo.value, pytest.Session.Interrupted):  # That is how pytest ends after errors of the collection.
            text = getattr(excinfo.value, "msg", None) or str(excinfo.value)
            kind = "pytest.exit" if isinstance(excinfo.value, pytest.exit.Exception) else excinfo.typename
            self.write(interrupted=f"{kind}: {text}" if text else kind)


class Duration:
    """Reports how long a run takes beside its start and its end."""

    def __init__(self, write):
        self.write = write

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self):
        self.began = time.perf_counter()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtestloop(self):
        yield
        self.write(took=time.perf_counter() - self.began)


def reason_of(report):
    """What a report says, unless it passed as expected."""
    if hasattr(report, "wasxfail"):
        return {"xfail": without("reason: ", text_of(report.wasxfail))}
    if report.outcome == "passed":
        return {}
    if report.outcome == "skipped":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        return {"message": without("Skipped: ", text_of(reason))}
    crash = getattr(report.longrepr, "reprcrash", None)
    output = [content for _, content in getattr(report, "sections", [])]
    return {
        "message": text_of(report.longrepr if crash is None else crash.message),
        "stack": text_of(report.longrepr),
        "output": text_of("\n".join(output)),
    }


def without(prefix, text):
    return text[len(prefix) :] if text.startswith(prefix) else text


def text_of(value):
    try:
        return str(value)[:MOST]
    except Exception as error:  # A representation of the project's own.
        return "<%s: %s>" % (type(value).__name__, type(error).__name__)
