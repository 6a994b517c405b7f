"""A plugin that reports one file of several that run in one process. The exit code of the run is that of this file, too."""

import os

import pytest

from holdfast_pytest_report import Reporting

GREEN, RED, NO_TESTS = 0, 1, 5


class OwnFile(Reporting):
    def __init__(self, file, write):
        super().__init__(write)
        self.own = os.path.realpath(file)
        self.known = {}  # Whether the path of a node id is that of the file; a cache, since resolving a path accesses the disk.
        self.code = NO_TESTS

    def prepare(self, config):
        config.option.maxfail = 0  # The other files are not its concern.
        config.option.continue_on_collection_errors = True

    def is_own(self, nodeid):
        path = nodeid.split("::")[0]
        if path not in self.known:
            self.known[path] = os.path.realpath(os.path.join(str(self.config.rootpath), path)) == self.own
        return self.known[path]

    def pytest_collectreport(self, report):
        if self.is_own(report.nodeid):
            super().pytest_collectreport(report)
            if report.failed:
                self.code = RED

    def pytest_runtest_logstart(self, nodeid):
        if self.is_own(nodeid):
            super().pytest_runtest_logstart(nodeid)
            self.code = RED if self.code == RED else GREEN

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report):
        if self.is_own(report.nodeid):
            super().pytest_runtest_logreport(report)
            if report.failed:
                self.code = RED

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        if exitstatus in (GREEN, RED):
            session.exitstatus = self.code
