"""Reports which files a collection found, whatever they do as they are loaded.

The answer is JSON: "files" are those that contain tests, cannot be loaded or skip themselves; "broken" are folders that could not be
collected; "cut" says why the collection ended before its end, or is null. The path of what is being loaded is in the file "at", which is
empty between two of them. A file that ended the process is listed in a further call, which does not load it: it is "unloaded".
"""

import json
import os

import pytest


class Listing:
    def __init__(self, answer, at, unloaded):
        self.answer, self.at = answer, at
        self.unloaded = set(unloaded)
        self.files, self.broken, self.cuts = set(), set(), ["It ended before it had collected anything."]

    def prepare(self, config):
        config.option.maxfail = 0  # -x and --maxfail would end the collection at the first file that cannot be loaded.

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection(self):
        self.cuts = []
        outcome = yield
        if outcome.excinfo:  # Whatever ends it: an interrupt is not reported if a plugin asks for it by `session.shouldstop`.
            self.cuts.append("%s: %s" % (outcome.excinfo[0].__name__, outcome.excinfo[1]))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        path = path_of(collector)
        is_file = os.path.isfile(path) and isinstance(collector, pytest.File)
        if is_file and path in self.unloaded:
            self.files.add(path)
            collector.collect = lambda: []
        else:
            self.loads(path)
        outcome = yield
        self.loads("")
        excinfo = getattr(outcome, "excinfo", None)
        if excinfo and is_file:  # It left, as by sys.exit() or KeyboardInterrupt: its own run says so, and the others are listed.
            report = pytest.CollectReport(collector.nodeid, "failed", "%s at import" % excinfo[0].__name__, [])
            outcome.force_result(report)
        if outcome.get_result().outcome != "passed":
            (self.files if os.path.isfile(path) else self.broken).add(path)

    def loads(self, path):
        with open(self.at, "w") as at:
            at.write(path)

    def pytest_collection_finish(self, session):
        self.files.update(path_of(item) for item in session.items)

    def pytest_internalerror(self, excrepr):
        self.cuts.append(str(excrepr))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self):
        cut = self.cuts[0] if self.cuts else None
        with open(self.answer, "w") as answer:
            json.dump({"files": sorted(self.files), "broken": sorted(self.broken), "cut": cut}, answer)


def path_of(node):
    return str(getattr(node, "path", None) or node.fspath)
