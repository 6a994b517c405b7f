"""A plugin that tells of each file of a run as soon as it has ended, in the words of pytest's own JUnit XML. Only green matters: a file that is not
sure to be green is told as red, and runs again by itself."""

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
        self.known = {}  # Names by the path in a node id: each report asks, and finding out looks at the disk.
        self.left = Counter()  # Items of each file that have not ended.
        self.reports = {}
        self.red = set()
        self.collecting = Counter()  # Seconds, for each file; what is left of a call before its first test is nobody's.
        self.output = os.dup(1)  # While a test runs, pytest has descriptor 1.
        self.told_at = time.perf_counter()

    def pytest_configure(self, config):
        self.config = config

    def name_of(self, nodeid):
        path = nodeid.split("::")[0]
        if path not in self.known:
            self.known[path] = self.names.get(os.path.realpath(os.path.join(str(self.config.rootpath), path)))
        return self.known[path]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        began_at = time.perf_counter()
        yield
        self.collecting[self.name_of(collector.nodeid)] += time.perf_counter() - began_at

    def pytest_collectreport(self, report):
        if report.failed:
            self.red.add(self.name_of(report.nodeid))

    def pytest_collection_finish(self, session):
        self.left.update(self.name_of(item.nodeid) for item in session.items)
        self.told_at = time.perf_counter()
        for name in self.names.values():
            if name in self.red or not self.left[name]:
                self.tell(name, RED)

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
            self.tell(name, RED if name in self.red else GREEN)

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

    def tell(self, name, exit_code):
        answer = {"kind": "exited", "file": name, "exitCode": exit_code}
        report = self.reports.pop(name, None)
        if report is not None:
            report.pytest_sessionfinish()
            with open(report.logfile, encoding="utf-8") as file:
                answer["report"] = file.read()
            os.unlink(report.logfile)
        self.config.get_terminal_writer().flush()
        now = time.perf_counter()
        answer["durationMs"] = round(1000 * (self.collecting[name] + now - self.told_at))
        answer["outputEnd"] = os.fstat(self.output).st_size
        self.told_at = now
        os.write(self.channel, json.dumps(answer).encode() + b"\n")
