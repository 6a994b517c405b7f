"""Lists test files, or runs one, with the unittest of the Python that runs this: `python holdfast_unittest.py '{…}'`.

The only argument is a call, as JSON:
  "args"       options of `python -m unittest discover`
  "report"     path of a file that gets lines of JSON
  "file"       the test file to run, relative to the working folder; without it, the test files are listed
  "selection"  path of a file with {"kind": "only" | "except", "names": […]}: tests, by class and method with a blank between

Lines of a listing:
  {"loading": path}                  it is about to be imported
  {"problem": path, "message": …}    a package that cannot be loaded: what is in it is not known
  {"files": [path, …]}               the end of a complete listing
Lines of a run:
  {"begins": name}                   a test
  {"case": name, "outcome": …, "durationMs": …, "message": …, "stack": …, "line": …}
  {"left": number}                   the end of a run; tests of the file that were not selected
A name is [class, method], a failed subtest has its description behind them, and [] is the file as a whole. Paths are relative to the
working folder.
"""

import json
import os
import re
import sys
import time
import traceback
import unittest
from collections import Counter

# The working folder; a file may leave it while it is imported.
ROOT = os.getcwd()


class Report:
    """Lines of JSON in a file. Forks of this process write none."""

    def __init__(self, path):
        self.path = os.path.abspath(path)
        self.pid = os.getpid()
        # Kept here: a test may replace those of the modules, or close whatever is open.
        self._open, self._write, self._close, self._getpid = os.open, os.write, os.close, os.getpid
        self._encode = json.JSONEncoder().encode

    def write(self, **line):
        if self._getpid() != self.pid:
            return
        file = self._open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self._write(file, self._encode(line).encode() + b"\n")
        self._close(file)


def relative(path):
    """An absolute path as Holdfast names it; a link on the way to the working folder makes no difference."""
    found = os.path.relpath(path, ROOT)
    if found.startswith(os.pardir + os.sep):
        folder, name = os.path.split(path)
        found = os.path.relpath(os.path.join(os.path.realpath(folder), name), os.path.realpath(ROOT))
    return found.replace(os.sep, "/")


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
    """unittest's own discovery, which remembers the file each test was found in. With `only` it loads that file and the packages above it."""

    def __init__(self, report, only=None):
        super().__init__()
        self.report = report
        self.only = only
        self.owners = {}  # By id; the object is kept beside it, so that no other one gets its id.
        self.broken_packages = []
        self.found = set()

    def _find_test_path(self, full_path, *args, **kwargs):
        is_folder = os.path.isdir(full_path)
        unit = relative(os.path.join(full_path, "__init__.py") if is_folder else full_path)
        is_above = is_folder and self.only is not None and self.only.startswith(unit[: -len("__init__.py")])
        if self.only is not None and self.only != unit and not is_above:
            return None, False
        if self.only is None and unit.endswith(".py"):
            self.report.write(loading=unit)
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
            for one in test:
                self.claim(one, unit)

    def owner_of(self, test, otherwise=None):
        return self.owners.get(id(test), (None, otherwise))[1]

    def units(self, tests, owner=None):
        """The files that have tests."""
        owner = self.owner_of(tests, owner)
        if not is_suite(tests):
            return {owner}
        return {unit for test in tests for unit in self.units(test, owner)}

    def pick(self, tests, is_wanted, owner=None):
        """The tests for which `is_wanted(test, unit)` holds, in the suites they are in; a suite that loses some is an ordinary one then.
        None where there is no test."""
        owner = self.owner_of(tests, owner)
        if not is_suite(tests):
            return tests if is_wanted(tests, owner) else None
        every = list(tests)
        kept = [self.pick(test, is_wanted, owner) for test in every]
        if all(new is old for new, old in zip(kept, every)):
            return tests
        return self.suiteClass([test for test in kept if test is not None])


class Names:
    """Names of tests as a report has them. A class of another module than that of the test file has the module before it."""

    def __init__(self, file):
        path = os.path.realpath(os.path.join(ROOT, file))
        modules = [(name, getattr(module, "__file__", None)) for name, module in list(sys.modules.items())]
        self.own = [name for name, other in modules if other and os.path.realpath(other) == path]

    def without_module(self, text):
        for module in self.own:
            if text == module or text.startswith(module + "."):
                return text[len(module) + 1 :]
        return text

    def of(self, test):
        if is_failed_load(test) or is_skipped_load(test):
            return []
        whole = getattr(test, "test_case", None)  # That of a subtest.
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


def is_fixture(test):
    """A place holder for setUpModule, setUpClass or what tears them down."""
    return type(test).__name__ == "_ErrorHolder"


def message_of(exception):
    """Class and text of an exception; of a file that could not be imported, those at the end of the traceback that is its text."""
    if not str(exception).startswith("Failed to import test module: "):
        return "".join(traceback.format_exception_only(type(exception), exception)).strip()
    lines = str(exception).strip().split("\n")
    indented = [index for index, line in enumerate(lines) if line.startswith("  ")]
    return "\n".join(lines[indented[-1] + 1 :] if indented else lines)


class Telling(unittest.TextTestResult):
    """Writes for people what unittest writes, and each case to the report."""

    def tell_to(self, report, names, file, expected):
        self.report, self.names, self.file = report, names, os.path.realpath(os.path.join(ROOT, file))
        self.expected = expected  # Tests of a selection that have not begun, counted by name; None where all run.
        self.skips = {}  # Why a class or module was left out, of a selection.
        self.skipped_one = None
        self.clock = time.perf_counter
        self.since = self.clock()

    def startTest(self, test):
        super().startTest(test)
        self.since = self.clock()
        self.skipped_one = None
        name = self.names.of(test)
        if self.expected is not None:
            self.expected[tuple(name)] -= 1
        self.report.write(begins=name)

    def tell(self, test, outcome, **more):
        now = self.clock()
        duration = 0 if is_fixture(test) else round(1000 * (now - self.since), 3)
        self.since = now
        self.report.write(case=self.names.of(test), outcome=outcome, durationMs=duration, **more)

    def tell_red(self, test, outcome, err, stack):
        frames = [(frame.f_code.co_filename, number) for frame, number in traceback.walk_tb(err[2])]
        if is_failed_load(test):
            frames = [(path, int(number)) for path, number in re.findall(r'File "(.+)", line (\d+)', stack)]
        lines = [number for path, number in frames if os.path.realpath(path) == self.file]
        self.tell(test, outcome, message=message_of(err[1]), stack=stack, line=lines[-1] if lines else None)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.tell(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell_red(test, "failed", err, self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.tell_red(test, "error", err, self.errors[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            self.tell_red(subtest, "failed" if is_failure else "error", err, (self.failures if is_failure else self.errors)[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        name = self.names.of(test)
        if self.expected is None:
            self.tell_skip(name, reason)
        elif is_fixture(test):
            self.skips[name[0] if len(name) > 1 else None] = reason
        elif self.skipped_one != name[:2]:  # Parts of a file have to add up: a test is one case there.
            self.skipped_one = name[:2]
            self.tell_skip(name, reason)

    def tell_skip(self, name, reason):
        """A skipped subtest has the name of its test: what a name selects is a test."""
        message = ": ".join([*name[2:], str(reason)])
        self.report.write(case=name[:2], outcome="skipped", durationMs=0, message=message)

    def addExpectedFailure(self, test, err):
        super().addExpectedFailure(test, err)
        self.tell(test, "expectedFailure", message=message_of(err[1]))

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.tell(test, "unexpectedSuccess")

    def tell_rest(self):
        """Tests that did not begin because their class or module was left out."""
        for name in (self.expected or Counter()).elements():
            reason = self.skips.get(name[0], self.skips.get(None))
            if reason is not None:
                self.tell_skip(name, reason)


def selection_of(path):
    """Is a test of this name selected? A file that cannot be loaded always is."""
    if path is None:
        return lambda name: True
    with open(path, encoding="utf-8") as file:
        selection = json.load(file)
    named = set(selection["names"])
    return lambda name: (" ".join(name) in named) == (selection["kind"] == "only") or name == []


def program_of(run_tests):
    """`python -m unittest`, with its own options, which does this with the tests it has found."""

    class Program(unittest.TestProgram):
        def runTests(self):
            run_tests(self, super().runTests)

    return Program


def discover(loader, args, run_tests):
    words = args[1:] if args[:1] == ["discover"] else args
    sys.argv = [sys.executable + " -m unittest", "discover", *words]
    program_of(run_tests)(module=None, argv=["python -m unittest", "discover", *words], testLoader=loader)


def list_files(call, report):
    loader = Discovery(report)

    def write_files(program, _):
        for unit, test in loader.broken_packages:
            result = unittest.TestResult()
            test(result)
            report.write(problem=unit, message=result.errors[0][1])
        if not loader.broken_packages:
            report.write(files=sorted(loader.units(program.test)))

    discover(loader, call["args"], write_files)


def run_file(call, report):
    file = call["file"]
    is_selected = selection_of(call.get("selection"))
    loader = Discovery(report, only=file)

    def run_tests(program, run_them):
        names = Names(file)
        of_file = loader.pick(program.test, lambda test, unit: unit == file or is_failed_load(test)) or loader.suiteClass()
        if file not in loader.found and not list(leaves(of_file)):
            cannot_run(report, "unittest finds no %s with these options." % file)
        program.test = loader.pick(of_file, lambda test, _: is_selected(names.of(test))) or loader.suiteClass()
        chosen = [tuple(names.of(test)) for test in leaves(program.test)]
        left = len(list(leaves(of_file))) - len(chosen)

        class Runner(unittest.TextTestRunner):
            resultclass = Telling

            def _makeResult(self):
                result = super()._makeResult()
                result.tell_to(report, names, file, Counter(chosen) if call.get("selection") else None)
                return result

            def run(self, test):
                result = super().run(test)
                result.tell_rest()
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
    """Ends as `python -m unittest` would: by SystemExit."""
    if not hasattr(unittest.TestLoader, "_find_test_path"):
        sys.exit("The unittest of Python %s finds its files in a way that is not known here." % sys.version.split()[0])
    report = Report(call["report"])
    (run_file if "file" in call else list_files)(call, report)


def search_working_folder():
    """For modules, first, instead of the folder of this program: as `python -m unittest` does."""
    if not getattr(sys.flags, "safe_path", False):
        sys.path[0] = ROOT


if __name__ == "__main__":
    search_working_folder()
    run(json.loads(sys.argv[1]))
