"""What a run of pytest does with pytest-cov: a run of tests only measures, and one without tests merges what others have measured.

pytest-cov itself writes the reports and judges the thresholds, at the end of the run that merges: it finds the data of all files where
parallel processes of its own would have left theirs.
"""

import json
import os
import shutil

import pytest

MET, BELOW, FAILED, SKIPPED = 0, 11, 12, 13  # Not 1, which Python says of errors.


def only_measure(options, folder):
    """Before pytest-cov starts: it measures into this folder and reports nothing; without a folder it does nothing."""
    if folder is None:
        options.cov_source = None
        return
    os.makedirs(folder, exist_ok=True)
    os.environ["COVERAGE_FILE"] = os.path.join(folder, "data")
    options.cov_report, options.cov_fail_under, options.cov_append = {}, 0, False
    in_one_process(options)


def in_one_process(options):
    """A slot of Holdfast is one process, whatever is said to xdist."""
    if hasattr(options, "numprocesses"):
        options.numprocesses, options.dist, options.tx = 0, "no", []


class Merging:
    """Runs no test. `raw`: folder with one for each attempt of others, and what it has measured in it."""

    def __init__(self, raw, is_green):
        self.data = [os.path.join(raw, attempt, "data") for attempt in sorted(os.listdir(raw))]
        self.failures = 0 if is_green else 1
        self.code = FAILED

    def prepare(self, config):
        config.option.verbose, config.option.no_header = -2, True

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session):
        session.items = []
        session.testscollected = 0
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        session.testsfailed = self.failures  # For --no-cov-on-fail.
        self.plugin = session.config.pluginmanager.getplugin("_cov")
        combined = self.plugin.cov_controller.combining_cov
        for index, path in enumerate(self.data):
            copy = "%s.holdfast.%d" % (combined.config.data_file, index)
            shutil.copyfile(path, copy)
            move(copy, "%s.moves.json" % path)
            forget_own(copy)
        return True

    def pytest_sessionfinish(self, session):
        options = self.plugin.options
        if session.testsfailed > self.failures:
            self.code = BELOW
        elif self.failures and options.no_cov_on_fail:
            self.code = SKIPPED
        elif self.plugin.cov_total is not None or not options.cov_report:
            self.code = MET


def move(path, moves):
    """Renames the files of data that was measured elsewhere, where their folders have other names. `moves`: a file with these, if any."""
    if not os.path.exists(moves):
        return
    import sqlite3  # Slow, and of use only here.

    with open(moves) as file:
        folders = json.load(file)
    data = sqlite3.connect(path)
    for number, name in data.execute("select id, path from file").fetchall():
        for before, after in folders:
            if name.startswith(before + os.sep):
                data.execute("update file set path = ? where id = ?", (after + name[len(before) :], number))
                break
    data.commit()
    data.close()


def forget_own(path):
    """Removes what was measured of Holdfast's own programs, which run in the same process."""
    from coverage import CoverageData

    own = os.path.join(os.path.realpath(os.path.join(os.path.dirname(__file__), "../..")), "")
    data = CoverageData(basename=path)
    data.read()
    names = [name for name in data.measured_files() if os.path.realpath(name).startswith(own)]
    if names:
        data.purge_files(names)
