"""The plugin of Holdfast in a run of pytest, and the run itself. PYTEST_DONT_REWRITE: it is loaded before pytest's import hook.

`run(call)` ends like `python -m pytest` with the arguments of the call. Only what is collected is narrowed, after pytest has read its
command line: so configuration, plugins, first conftest files and root folder are those of the suite's own command. A call is an object:

  args       the suite's arguments
  files      paths of the files to run, relative to the working directory; absent for a listing
  own        the only one of them that is reported, and whose exit code the run has
  report     path of the report (see holdfast_pytest_report.py)
  selection  path of a case selection (see holdfast_pytest_choice.py)
  listing    where a listing answers, and more (see holdfast_pytest_listing.py)
  coverage   folder for what pytest-cov measures; absent if it is to do nothing
  merge, green    see holdfast_pytest_coverage.py: folder with data of pytest-cov to merge, and whether no test has failed
"""

import runpy
import sys

import pytest

from holdfast_open import end_in_time
from holdfast_pytest_choice import Choice
from holdfast_pytest_coverage import Merging, in_one_process, only_measure
from holdfast_pytest_files import EachFile
from holdfast_pytest_listing import Listing
from holdfast_pytest_own import OwnFile
from holdfast_pytest_report import Duration, Reporting
from holdfast_report import Report

added = []  # Plugins of this run, each an object with hooks.
coverage = []  # What becomes of the options of pytest-cov.


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    for change in coverage:
        change(early_config.known_args_namespace)
    yield


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    option = config.option
    option.color = "no"
    if hasattr(option, "numprocesses"):  # xdist: a slot of Holdfast is one process.
        option.numprocesses, option.dist, option.tx, option.looponfail = 0, "no", [], False
    for plugin in added:
        if hasattr(plugin, "prepare"):
            plugin.prepare(config)
        config.pluginmanager.register(plugin)
    yield


def run(call, answers=None):
    """`answers`: descriptor for the answers of several files (see holdfast_pytest_files.py); else the call has a report, or is a listing."""
    report = Report(call["report"]) if "report" in call else None
    args = list(call["args"])
    coverage[:] = [lambda options: only_measure(options, call.get("coverage"))]
    if "listing" in call:
        args.append("--collect-only")
        added[:] = [Listing(**call["listing"])]
    elif "merge" in call:
        merging = Merging(call["merge"], call["green"])
        added[:], coverage[:] = [merging], [in_one_process]
    else:
        files = call["files"]
        if answers:
            reporting = [EachFile(files, answers)]
        elif "own" in call:
            reporting = [OwnFile(call["own"], report.write)]
        else:
            reporting = [Reporting(report.write), Duration(report.write)]
        added[:] = [Choice(files, call.get("selection")), *reporting]
    code = 0
    sys.argv = ["pytest", "-p", __name__, *args]
    try:
        runpy.run_module("pytest", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = int(end.code or 0)
    if "merge" in call:
        code = merging.code
    if report is not None:
        report.write(end=code)
    end_in_time(code, report)
