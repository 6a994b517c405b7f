"""A plugin that answers for each file of a run as it ends, with a report in pytest's own JUnit XML. Only green counts: a file that is not
certain to be green is reported as red and rerun on its own."""

import json
import os
import tempfile
import time
from collections import Counter

import pytest
from _pytest.junitxml import LogXML

RED, GREEN = 1, 0


class EachFile:
    def __init__(self, files, channel):
        self.channel = channel
        self.names = {os.path.realpath(file): file for file in files}
        self.known = {}  # File names by the path in a node id; a cache, since resolving a path accesses the disk.
        self.left = Counter()  # Number of items per file that have not ended.
        self.reports = {}
        self.red = set()
        self.collecting = Counter()  # Seconds of collection per file; other time before the first test belongs to no file.
        self.output = os.dup(1)  # While a test runs, pytest redirects descriptor 1.
        self.answered_at = time.perf_counter()

    def pytest_configure(self, config):
        self.config = config

    def name_of(self, nodeid):
        path = nodeid.split("::")[0]
        if path not in self.known:
            self.known[path] = self.names.get(os.path.realpath(os.path.join(str(self.config.rootpath), path)))
        return self.known[path]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        started_at = time.perf_counter()
        yield
        self.collecting[self.name_of(collector.nodeid)] += time.perf_counter() - started_at

    def pytest_collectreport(self, report):
        if report.failed:
            self.red.add(self.name_of(report.nodeid))

    def pytest_collection_finish(self, session):
        self.left.update(self.name_of(item.nodeid) for item in session.items)
        self.answered_at = time.perf_counter()
        for name in self.names.values():
            if name in self.red or not self.left[name]:
                self.answer(name, RED)

    def pytest_runtest_logstart(self, nodeid, location):
        os.environ["HOLDFAST_FILE"] = self.name_of(nodeid) or ""

    def pytest_runtest_logreport(self, report):
        name = self.name_of(report.nodeid)
        if name not in self.reports:
            self.reports[name] = self.new_report()
        self.reports[name].pytest_runtest_logreport(report)
        if report.failed:
            self.red.add(name)

    def pytest_runtest_logfinish(self, nodeid, location):
        name = self.name_of(nodeid)
        self.left[name] -= 1
        if self.left[name] == 0:
            self.answer(name, RED if name in self.red else GREEN)

    def new_report(self):
        option = self.config.getini
        handle, path = tempfile.mkstemp(prefix="holdfast-", suffix=".xml")
        os.close(handle)
        report = LogXML(
            path,
            self.config.option.junitprefix,
            suite_name=option("junit_suite_name"),
            logging="no",
            report_duration=option("junit_duration_report"),
            family=option("junit_family"),
            log_passing_tests=False,
        )
        report.pytest_sessionstart()
        return report

    def answer(self, name, exit_code):
        message = {"kind": "exited", "file": name, "exitCode": exit_code}
        report = self.reports.pop(name, None)
        if report is not None:
            report.pytest_sessionfinish()
            with open(report.logfile, encoding="utf-8") as file:
                message["report"] = file.read()
            os.unlink(report.logfile)
        self.config.get_terminal_writer().flush()
        now = time.perf_counter()
        message["durationMs"] = round(1000 * (self.collecting[name] + now - self.answered_at))
        message["outputEnd"] = os.fstat(self.output).st_size
        self.answered_at = now
        os.write(self.channel, json.dumps(message).encode() + b"\n")
