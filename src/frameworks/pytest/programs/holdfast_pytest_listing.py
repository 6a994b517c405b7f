"""Reports which files a collection found, whatever they do as they are loaded.

The listing is JSON: "files" are those that contain tests, cannot be loaded or skip themselves; "broken" are folders that could not be
collected; "cut" says why the collection ended before its end, or is null. The path of the file that is being loaded is in the file of
this name with ".at". Files that end the process are listed in a second call, which does not load them: they are `unloaded`.
"""

import json
import os

import pytest


class Listing:
    def __init__(self, listing, unloaded):
        self.listing = listing
        self.unloaded = set(unloaded)
        self.files, self.broken, self.ended_early = set(), set(), []

    def prepare(self, config):
        config.option.maxfail = 0  # -x and --maxfail would end the collection at the first file that cannot be loaded.

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        path = path_of(collector)
        if os.path.isfile(path) and isinstance(collector, pytest.File):
            with open(self.listing + ".at", "w") as at:
                at.write(path)
            if path in self.unloaded:
                self.files.add(path)
                collector.collect = lambda: []
        outcome = yield
        excinfo = getattr(outcome, "excinfo", None)
        if excinfo and os.path.isfile(path):  # It left, as by sys.exit() or KeyboardInterrupt: its own run says so, and the others are listed.
            report = pytest.CollectReport(collector.nodeid, "failed", "%s at import" % excinfo[0].__name__, [])
            outcome.force_result(report)
        if outcome.get_result().outcome != "passed":
            (self.files if os.path.isfile(path) else self.broken).add(path)

    def pytest_collection_finish(self, session):
        self.files.update(path_of(item) for item in session.items)

    def pytest_internalerror(self, excrepr):
        self.ended_early.append(str(excrepr))

    def pytest_keyboard_interrupt(self, excinfo):
        if not isinstance(excinfo.value, pytest.Session.Interrupted):  # That is how a collection with errors ends.
            self.ended_early.append("%s: %s" % (excinfo.typename, excinfo.value))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self):
        cut = self.ended_early[0] if self.ended_early else None
        with open(self.listing, "w") as listing:
            json.dump({"files": sorted(self.files), "broken": sorted(self.broken), "cut": cut}, listing)


def path_of(node):
    return str(getattr(node, "path", None) or node.fspath)
