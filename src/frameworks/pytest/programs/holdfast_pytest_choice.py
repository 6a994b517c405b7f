"""Narrows a collection to some files, and to some cases of a file."""

import importlib.util
import json
import os

import pytest
from _pytest.pathlib import fnmatch_ex


class Choice:
    """`selection` is the path of a JSON file: "kind" is "only" or "except", "names" are those of cases, joined by spaces."""

    def __init__(self, files, selection):
        self.files = files
        self.folder = os.path.realpath(os.getcwd())
        self.only = None  # The only file to collect, where its path is no argument for pytest.
        self.selection = None
        if selection is not None:
            with open(selection, encoding="utf-8") as file:
                self.selection = json.load(file)

    def prepare(self, config):
        """Puts the files into the place of the names on the suite's command line, or else those of its node ids that are in them."""
        named = [resolve(arg, config.option.pyargs) for arg in config.args]
        self.named = {place for place, _ in named}
        self.patterns = config.getini("python_files")
        config.args = [arg for file in self.files for arg in self.arguments(file, named)]
        config.option.pyargs = False
        if hasattr(config, "args_source"):
            config.args_source = type(config.args_source).ARGS

    def arguments(self, file, named):
        path = os.path.join(self.folder, file)
        if is_unarguable(file):
            self.only = path
            while is_unarguable(file):
                file = os.path.dirname(file)
            return ["./" + file]
        path = os.path.realpath(path)
        if any(not test and is_in(path, place) for place, test in named):
            return ["./" + file]
        return [f"./{file}::{test}" for place, test in named if test and place == path] or ["./" + file]

    def is_other(self, path):
        return True if self.only is not None and os.path.isfile(str(path)) and str(path) != self.only else None

    if hasattr(pytest, "version_tuple"):  # 7.0 and later

        def pytest_ignore_collect(self, collection_path):
            return self.is_other(collection_path)

        @pytest.hookimpl(hookwrapper=True)
        def pytest_collect_file(self, file_path):
            """Leaves out functions called test_… of a file with doctests, which pytest looks for where a file is named."""
            outcome = yield
            if os.path.realpath(str(file_path)) in self.named or any(fnmatch_ex(pattern, file_path) for pattern in self.patterns):
                return
            outcome.force_result([found for found in outcome.get_result() if type(found) is not pytest.Module])

    else:

        def pytest_ignore_collect(self, path):
            return self.is_other(path)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        if self.selection is None:
            return
        names, is_only = set(self.selection["names"]), self.selection["kind"] == "only"
        chosen, left = [], []
        for item in items:
            (chosen if (" ".join(name_of(item)) in names) == is_only else left).append(item)
        items[:] = chosen
        if left:
            config.hook.pytest_deselected(items=left)


def below_file(node):
    """The classes and the function with its parameters, of which either may contain anything; [] for a file or a folder."""
    chain = node.listchain()
    files = [index for index, above in enumerate(chain) if isinstance(above, pytest.File)]
    return [below.name for below in chain[files[-1] + 1 :]] if files else []


def name_of(item):
    return below_file(item) or [item.name]


def is_unarguable(path):
    """Whether pytest would take a part of the path for a parameter or the name of a test."""
    return "[" in path or "::" in path


def is_in(path, place):
    return path == place or path.startswith(os.path.join(place, ""))


def resolve(arg, is_module):
    """The path of a name on pytest's command line, and the test in it that it names."""
    base, bracket, parameters = str(arg).partition("[")
    place, _, test = base.partition("::")
    if is_module:
        place = path_of_module(place)
    return os.path.realpath(place), test + bracket + parameters


def path_of_module(name):
    """As with pytest's `--pyargs`; a name that is no module is a path."""
    try:
        spec = importlib.util.find_spec(name)
    except (AttributeError, ImportError, ValueError):
        return name
    if spec is None or spec.origin in (None, "namespace"):
        return name
    return os.path.dirname(spec.origin) if spec.submodule_search_locations else spec.origin
