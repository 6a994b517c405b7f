"""Lists test files, or runs one, with the unittest of the current Python: `python holdfast_unittest.py '{…}'`.

The only argument is a call, as JSON:
  "args"       options of `python -m unittest discover`
  "listing"    the test files are listed: {"answer": path, "at": path, "unloaded": [path, …]}
  "file"       the test file to run, relative to the working directory
  "report"     path of the file to write lines of JSON to
  "before"     test files to run before it, in this order; neither report nor exit code has anything of them
  "selection"  path of a file with {"kind": "only" | "except", "names": […]}: names of tests, class and method joined by a space

The answer of a listing is {"files": [path, …], "problems": [{"file": path, "message": …}, …]}: packages that cannot be loaded, so their
tests are unknown. The file that is being loaded is in the file "at", which is empty between two of them. "unloaded" are listed, not loaded.
Lines of a run:
  {"begins": name}                   a test starts
  {"case": name, "outcome": …, "durationMs": …, "message": …, "stack": …, "line": …}
  {"left": number}                   the end of a run; the number of tests that were not selected
A name is [class, method], followed by the description for a failed subtest; [] is the file as a whole. Paths are relative to the working
directory.
"""

import contextlib
import json
import os
import re
import sys
import time
import traceback
import unittest
from collections import Counter

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../pool/in-process"))
from holdfast_report import Report  # noqa: E402

sys.path.pop()

# The working directory, which a file may change while it is imported.
ROOT = os.getcwd()


def relative(path):
    """An absolute path relative to the working directory, even if either is reached through a symlink."""
    relpath = os.path.relpath(path, ROOT)
    if relpath.startswith(os.pardir + os.sep):
        folder, name = os.path.split(path)
        relpath = os.path.relpath(os.path.join(os.path.realpath(folder), name), os.path.realpath(ROOT))
    return relpath.replace(os.sep, "/")


def is_suite(test):
    return hasattr(test, "__iter__")


def is_failed_load(test):
    return type(test).__name__ == "_FailedTest" and type(test).__module__ == "unittest.loader"


def is_skipped_load(test):
    return type(test).__name__ == "ModuleSkipped" and type(test).__module__ == "unittest.loader"


def leaves(tests):
    for test in tests if is_suite(tests) else [tests]:
        if is_suite(test):
            yield from leaves(test)
        else:
            yield test


class Discovery(unittest.TestLoader):
    """unittest's discovery, recording the file of each test. With `only`, it loads only those files and the packages above them; with
    `loading`, it loads each file in that context, and not those that are `unloaded`."""

    def __init__(self, only=None, loading=None, unloaded=()):
        super().__init__()
        self.only = only
        self.loading = loading
        self.unloaded = unloaded
        self.owners = {}  # By id, with the object itself so that its id is not reused.
        self.broken_packages = []
        self.found = set()

    def _find_test_path(self, full_path, *args, **kwargs):
        is_folder = os.path.isdir(full_path)
        unit = relative(os.path.join(full_path, "__init__.py") if is_folder else full_path)
        if self.only is not None and unit not in self.only:
            above = unit[: -len("__init__.py")]
            if not is_folder or not any(file.startswith(above) for file in self.only):
                return None, False
        if not is_folder and unit in self.unloaded:
            self.found.add(unit)
            return None, False
        with self.loading(unit) if self.loading else contextlib.nullcontext():
            tests, is_deeper = super()._find_test_path(full_path, *args, **kwargs)
        if tests is not None:
            self.found.add(unit)
            self.claim(tests, unit)
            if is_folder:
                broken = [test for test in leaves(tests) if is_failed_load(test) and self.owner_of(test) == unit]
                self.broken_packages += [(unit, test) for test in broken]
        return tests, is_deeper

    def claim(self, test, unit):
        self.owners.setdefault(id(test), (test, unit))
        if is_suite(test):
            for inner in test:
                self.claim(inner, unit)

    def owner_of(self, test, otherwise=None):
        return self.owners.get(id(test), (None, otherwise))[1]

    def units(self, tests, owner=None):
        """The files that contain tests."""
        owner = self.owner_of(tests, owner)
        if not is_suite(tests):
            return {owner}
        return {unit for test in tests for unit in self.units(test, owner)}

    def pick(self, tests, is_wanted, owner=None):
        """The tests for which `is_wanted(test, unit)` is true, in their suites. A suite that loses tests is replaced by an ordinary one.
        None for an unwanted test."""
        owner = self.owner_of(tests, owner)
        if not is_suite(tests):
            return tests if is_wanted(tests, owner) else None
        every = list(tests)
        kept = [self.pick(test, is_wanted, owner) for test in every]
        if all(new is old for new, old in zip(kept, every)):
            return tests
        return self.suiteClass([test for test in kept if test is not None])


class Names:
    """Names of tests in a report. A class from another module than the test file is prefixed with its module."""

    def __init__(self, file):
        path = os.path.realpath(os.path.join(ROOT, file))
        modules = [(name, getattr(module, "__file__", None)) for name, module in list(sys.modules.items())]
        self.own = [name for name, source in modules if source and os.path.realpath(source) == path]

    def without_module(self, text):
        for module in self.own:
            if text == module or text.startswith(module + "."):
                return text[len(module) + 1 :]
        return text

    def of(self, test):
        if is_failed_load(test) or is_skipped_load(test):
            return []
        whole = getattr(test, "test_case", None)  # Set for subtests.
        if whole is not None and hasattr(test, "params"):
            return [*self.of(whole), test.id()[len(whole.id()) :].strip()]
        return self.of_id(test.id(), type(test))

    def of_id(self, id, own_class):
        address = own_class.__module__ + "." + own_class.__qualname__
        if id.startswith(address + "."):
            return [self.without_module(address), id[len(address) + 1 :]]
        fixture = re.match(r"(\w+) \((.+)\)$", id)  # setUpClass (tests.test_a.TestA)
        if fixture is not None:
            return [part for part in (self.without_module(fixture.group(2)), fixture.group(1)) if part]
        return [self.without_module(id)]


RED = ("failed", "error", "unexpectedSuccess")


def is_fixture(test):
    """Whether the test is unittest's placeholder for a module or class fixture."""
    return type(test).__name__ == "_ErrorHolder"


def message_of(exception):
    """Class and message of an exception. For a failed import, whose message is a traceback, those at the end of the traceback."""
    if not str(exception).startswith("Failed to import test module: "):
        return "".join(traceback.format_exception_only(type(exception), exception)).strip()
    lines = str(exception).strip().split("\n")
    indented = [index for index, line in enumerate(lines) if line.startswith("  ")]
    return "\n".join(lines[indented[-1] + 1 :] if indented else lines)


class Others:
    """Tests of the files that run before the test file, with the fixtures of their classes and modules."""

    def __init__(self, others, own):
        self.tests = {id(test): test for test in others}  # With the test itself so that its id is not reused.
        self.places = self.places_of(others) - self.places_of(own)

    @staticmethod
    def places_of(tests):
        classes = {type(test) for test in tests}
        return {cls.__module__ for cls in classes} | {unittest.util.strclass(cls) for cls in classes}

    def __contains__(self, test):
        if is_fixture(test):
            return test.id().partition(" (")[2].rstrip(")") in self.places
        return id(getattr(test, "test_case", test)) in self.tests


class ReportingResult(unittest.TextTestResult):
    """Prints unittest's usual output and writes each case to the report, unless it is one of others."""

    def report_to(self, report, names, file, expected, others):
        self.report, self.names, self.file = report, names, os.path.realpath(os.path.join(ROOT, file))
        self.expected = expected  # Selected tests that have not started, counted by name; None if all run.
        self.others = others
        self.is_red = False
        self.skips = {}  # With a selection: why a class or module was skipped.
        self.last_skipped = None
        self.clock = time.perf_counter
        self.since = self.clock()

    def startTest(self, test):
        super().startTest(test)
        self.since = self.clock()
        self.last_skipped = None
        if test in self.others:
            return
        name = self.names.of(test)
        if self.expected is not None:
            self.expected[tuple(name)] -= 1
        self.report.write(begins=name)

    def report_case(self, test, outcome, **more):
        now = self.clock()
        duration = 0 if is_fixture(test) else round(1000 * (now - self.since), 3)
        self.since = now
        if test in self.others:
            return
        self.is_red = self.is_red or outcome in RED
        self.report.write(case=self.names.of(test), outcome=outcome, durationMs=duration, **more)

    def report_red(self, test, outcome, err, stack):
        frames = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(err[2])]
        if is_failed_load(test):
            frames = [(path, int(number)) for path, number in re.findall(r'File "(.+)", line (\d+)', stack)]
        lines = [number for path, number in frames if os.path.realpath(path) == self.file]
        self.report_case(test, outcome, message=message_of(err[1]), stack=stack, line=lines[-1] if lines else None)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.report_case(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.report_red(test, "failed", err, self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.report_red(test, "error", err, self.errors[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            self.report_red(subtest, "failed" if is_failure else "error", err, (self.failures if is_failure else self.errors)[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        if test in self.others:
            return
        name = self.names.of(test)
        if self.expected is None:
            self.report_skip(name, reason)
        elif is_fixture(test):
            self.skips[name[0] if len(name) > 1 else None] = reason
        elif self.last_skipped != name[:2]:  # One case per test, so that the parts of a file add up.
            self.last_skipped = name[:2]
            self.report_skip(name, reason)

    def report_skip(self, name, reason):
        """Reports a skipped subtest under the name of its test, since names select tests."""
        message = ": ".join([*name[2:], str(reason)])
        self.report.write(case=name[:2], outcome="skipped", durationMs=0, message=message)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.report_case(test, "expectedFailure", message=message_of(err[1]))

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.report_case(test, "unexpectedSuccess")

    def wasSuccessful(self):
        return not self.is_red if self.others.tests else super().wasSuccessful()

    def report_unstarted(self):
        """Reports tests that did not start because their class or module was skipped."""
        for name in (self.expected or Counter()).elements():
            reason = self.skips.get(name[0], self.skips.get(None))
            if reason is not None:
                self.report_skip(name, reason)


def selection_of(path):
    """Returns a predicate on names. A file that cannot be loaded is always selected."""
    if path is None:
        return lambda name: True
    with open(path, encoding="utf-8") as file:
        selection = json.load(file)
    named = set(selection["names"])
    return lambda name: (" ".join(name) in named) == (selection["kind"] == "only") or name == []


def program_of(run_tests):
    """`python -m unittest` with its own options, calling `run_tests` with the tests it found."""

    class Program(unittest.TestProgram):
        def runTests(self):
            run_tests(self, super().runTests)

    return Program


def discover(loader, args, run_tests):
    words = args[1:] if args[:1] == ["discover"] else args
    sys.argv = [sys.executable + " -m unittest", "discover", *words]
    program_of(run_tests)(module=None, argv=["python -m unittest", "discover", *words], testLoader=loader)


def list_files(call):
    listing = call["listing"]
    write = Replacing()
    loaded = []  # Files that are being loaded: one may load others by itself.

    @contextlib.contextmanager
    def loading(unit):
        loaded.append(unit)
        write(listing["at"], unit)
        yield
        loaded.pop()
        write(listing["at"], loaded[-1] if loaded else "")

    loader = Discovery(loading=loading, unloaded=listing["unloaded"])

    def write_files(program, _):
        problems = []
        for unit, test in loader.broken_packages:
            result = unittest.TestResult()
            test(result)
            problems.append({"file": unit, "message": result.errors[0][1]})
        files = loader.units(program.test) | loader.found.intersection(listing["unloaded"])
        write(listing["answer"], json.dumps({"files": sorted(files), "problems": problems}))

    try:
        discover(loader, call["args"], write_files)
    except ImportError as error:  # unittest has found another module of that name, and gives up.
        problems = [{"file": loaded[-1] if loaded else ".", "message": str(error)}]
        write(listing["answer"], json.dumps({"files": [], "problems": problems}))


class Replacing:
    """Writes a text to a file, in place of what it has, with functions that tests cannot patch."""

    def __init__(self):
        self._open, self._write, self._close = os.open, os.write, os.close

    def __call__(self, path, text):
        file = self._open(path, os.O_WRONLY | os.O_TRUNC | os.O_CREAT, 0o644)
        self._write(file, text.encode("utf-8", "surrogateescape"))
        self._close(file)


def run_file(call):
    report = Report(call["report"])
    file, before = call["file"], call.get("before", [])
    is_selected = selection_of(call.get("selection"))
    loader = Discovery(only=[*before, file])

    def run_tests(program, run_them):
        names = Names(file)

        def picked(tests, is_wanted):
            return loader.pick(tests, is_wanted) or loader.suiteClass()

        def is_of_file(test, unit):
            return unit == file or (is_failed_load(test) and unit not in before)

        of_file = picked(program.test, is_of_file)
        if file not in loader.found and not list(leaves(of_file)):
            cannot_run(report, "unittest finds no %s with these options." % file)
        of_others = [picked(program.test, lambda _, unit, path=path: unit == path) for path in before]
        own = picked(of_file, lambda test, _: is_selected(names.of(test)))
        chosen = [tuple(names.of(test)) for test in leaves(own)]
        left = len(list(leaves(of_file))) - len(chosen)
        others = Others([test for tests in of_others for test in leaves(tests)], list(leaves(own)))
        if before:
            program.test = loader.suiteClass([*of_others, own])
            program.failfast = False  # The failures of other files are not its concern.
        else:
            program.test = own

        class Runner(unittest.TextTestRunner):
            resultclass = ReportingResult

            def _makeResult(self):
                result = super()._makeResult()
                result.report_to(report, names, file, Counter(chosen) if call.get("selection") else None, others)
                return result

            def run(self, test):
                result = super().run(test)
                result.report_unstarted()
                report.write(left=left)
                return result

        program.testRunner = Runner
        run_them()

    if not os.path.isfile(file):
        cannot_run(report, "There is no file %s." % file)
    discover(loader, call["args"], run_tests)


def cannot_run(report, message):
    report.write(case=[], outcome="error", durationMs=0, message=message)
    report.write(left=0)
    sys.exit(message)


def run(call):
    """Ends like `python -m unittest`, by SystemExit."""
    if not hasattr(unittest.TestLoader, "_find_test_path"):
        sys.exit("The unittest of Python %s discovers files in a way that Holdfast does not support." % sys.version.split()[0])
    (run_file if "file" in call else list_files)(call)


def search_working_folder():
    """Searches modules in the working directory instead of this program's folder, like `python -m unittest`."""
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0] = ROOT


if __name__ == "__main__":
    search_working_folder()
    run(json.loads(sys.argv[1]))
