"""A plugin that answers for each file of a run as it ends, in the order of the files, with a report of its own. Only green counts: a
file that is not certain to be green is reported as red and rerun on its own."""

import json
import os
import time
from collections import Counter, defaultdict

import pytest

from holdfast_open import end_by_themselves, waited_for
from holdfast_pytest_choice import below_file
from holdfast_pytest_report import Reporting

GREEN, RED, NO_TESTS = 0, 1, 5


class EachFile(Reporting):
    def __init__(self, files, channel):
        super().__init__(self.keep)
        self.channel = channel
        self.files = {os.path.realpath(file): file for file in files}
        self.known = {}  # File names by the path in a node id; a cache, since resolving a path accesses the disk.
        self.left = Counter()  # Number of items per file that have not ended.
        self.lines = {file: [] for file in files}
        self.red, self.begun = set(), set()
        self.started = defaultdict(set)  # Threads and processes that the tests of a file started; those of fixtures may end later.
        self.ended = {}  # Answers that wait for that of an earlier file.
        self.seconds = Counter()  # Of collection and of tests; other time belongs to no file.
        self.file = None  # The one whose test runs, or which is collected.
        self.output = os.dup(1)  # While a test runs, pytest redirects descriptor 1.

    def prepare(self, config):
        config.option.maxfail = 0  # A file that is red alone stops at its first failure; the others are not its concern.
        config.option.continue_on_collection_errors = True

    def keep(self, **line):
        if self.file is not None:
            self.lines[self.file].append(json.dumps(line))

    def file_of(self, nodeid):
        path = nodeid.split("::")[0]
        if path not in self.known:
            self.known[path] = self.files.get(os.path.realpath(os.path.join(str(self.config.rootpath), path)))
        return self.known[path]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        self.names[collector.nodeid] = below_file(collector)
        started_at = time.perf_counter()
        yield
        self.seconds[self.file_of(collector.nodeid)] += time.perf_counter() - started_at

    def pytest_collectreport(self, report):
        self.file = self.file_of(report.nodeid)
        super().pytest_collectreport(report)
        if report.failed:
            self.red.add(self.file)

    def pytest_collection_finish(self, session):
        self.left.update(self.file_of(item.nodeid) for item in session.items)
        for file in list(self.lines):
            if file in self.red or not self.left[file]:
                self.end(file)

    def pytest_runtest_logstart(self, nodeid):
        self.file = self.file_of(nodeid)
        self.started_at = time.perf_counter()
        os.environ["HOLDFAST_FILE"] = self.file or ""
        if self.file not in self.begun:
            self.begun.add(self.file)
            self.send({"kind": "begins", "file": self.file})
        super().pytest_runtest_logstart(nodeid)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_call(self):
        before = waited_for()
        yield
        self.started[self.file] |= waited_for() - before

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report):
        super().pytest_runtest_logreport(report)
        if report.failed:
            self.red.add(self.file)

    def pytest_runtest_logfinish(self, nodeid):
        self.seconds[self.file] += time.perf_counter() - self.started_at
        self.left[self.file] -= 1
        if self.file is not None and self.left[self.file] == 0:
            self.end(self.file)

    def end(self, file):
        if file in self.red:
            exit_code = RED
        else:
            exit_code = GREEN if file in self.begun else NO_TESTS
        self.lines[file].append(json.dumps({"end": exit_code}))
        if self.config.pluginmanager.hasplugin("terminalreporter"):
            self.config.get_terminal_writer().flush()
        self.ended[file] = {
            "kind": "exited",
            "file": file,
            "exitCode": exit_code,
            "report": "\n".join(self.lines[file]),
            "durationMs": round(1000 * self.seconds[file]),
            "mayStillFail": any(one.is_alive() for one in self.started.pop(file, set()) - end_by_themselves()),
        }
        for earlier in list(self.lines):
            if earlier not in self.ended:
                return
            self.send({**self.ended[earlier], "outputEnd": os.fstat(self.output).st_size})
            del self.lines[earlier]

    def send(self, message):
        text = json.dumps(message).encode() + b"\n"
        while text:
            text = text[os.write(self.channel, text) :]
