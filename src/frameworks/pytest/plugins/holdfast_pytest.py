"""A pytest plugin that reports which files a collection found, and restricts a collection to one file or to some of its cases.

HOLDFAST_PYTEST_LISTING    path for the listing, as JSON: "files" are those that contain tests, cannot be loaded or skip themselves;
                           "broken" are folders that could not be collected; "cut" says why the collection ended before its end, or is
                           null. The path of the file that is being loaded is in the file of this name with ".at".
HOLDFAST_PYTEST_UNLOADED   paths, as a JSON list, of files to list without loading them: they end the process.
HOLDFAST_PYTEST_ONLY       the only file to collect, for a path that pytest does not accept as an argument.
HOLDFAST_PYTEST_SELECTION  path of a JSON file: "kind" is "only" or "except", "names" are those of cases, classes and function joined by
                           spaces.
"""

import json
import os

import pytest

LISTING = os.environ.pop("HOLDFAST_PYTEST_LISTING", None)
UNLOADED = set(json.loads(os.environ.pop("HOLDFAST_PYTEST_UNLOADED", "[]")))
ONLY = os.environ.pop("HOLDFAST_PYTEST_ONLY", None)
SELECTION = os.environ.get("HOLDFAST_PYTEST_SELECTION")  # Stays in the environment: xdist workers collect and select again.

files = set()
broken = set()


def path_of(node):
    return str(getattr(node, "path", None) or node.fspath)


if LISTING is not None:

    ended_early = []

    @pytest.hookimpl(trylast=True)
    def pytest_configure(config):
        config.option.maxfail = 0  # -x and --maxfail would end the collection at the first file that cannot be loaded.

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(collector):
        path = path_of(collector)
        if os.path.isfile(path) and isinstance(collector, pytest.File):
            with open(LISTING + ".at", "w") as at:
                at.write(path)
            if path in UNLOADED:
                files.add(path)
                collector.collect = lambda: []
        outcome = yield
        excinfo = getattr(outcome, "excinfo", None)
        if excinfo and os.path.isfile(path):  # It left, as by sys.exit() or KeyboardInterrupt: its own run says so, and the others are listed.
            report = pytest.CollectReport(collector.nodeid, "failed", "%s at import" % excinfo[0].__name__, [])
            outcome.force_result(report)
        if outcome.get_result().outcome != "passed":
            (files if os.path.isfile(path) else broken).add(path)

    def pytest_collection_finish(session):
        files.update(path_of(item) for item in session.items)

    def pytest_internalerror(excrepr):
        ended_early.append(str(excrepr))

    def pytest_keyboard_interrupt(excinfo):
        if not isinstance(excinfo.value, pytest.Session.Interrupted):  # That is how a collection with errors ends.
            ended_early.append("%s: %s" % (excinfo.typename, excinfo.value))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish():
        cut = ended_early[0] if ended_early else None
        with open(LISTING, "w") as listing:
            json.dump({"files": sorted(files), "broken": sorted(broken), "cut": cut}, listing)


def is_other(path):
    return True if os.path.isfile(str(path)) and str(path) != ONLY else None


if ONLY is not None and hasattr(pytest, "version_tuple"):  # 7.0 and later

    def pytest_ignore_collect(collection_path):
        return is_other(collection_path)

elif ONLY is not None:

    def pytest_ignore_collect(path):
        return is_other(path)


def name_of(item):
    """The name as in pytest's JUnit report. A parameter may contain anything, including "::"."""
    address, bracket, parameters = item.nodeid.partition("[")
    return " ".join(address.split("::")[1:]) + bracket + parameters


if SELECTION is not None:
    with open(SELECTION, encoding="utf-8") as selection_file:
        selection = json.load(selection_file)
    named = set(selection["names"])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(config, items):
        def is_chosen(item):
            return (name_of(item) in named) == (selection["kind"] == "only")

        left = [item for item in items if not is_chosen(item)]
        items[:] = [item for item in items if is_chosen(item)]
        if left:
            config.hook.pytest_deselected(items=left)
