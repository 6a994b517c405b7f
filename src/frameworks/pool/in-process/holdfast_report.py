"""The report that a program of Holdfast writes from inside a framework's process, in Python."""

import json
import os


class Report:
    """Writes lines of JSON to a file, but not in forks of this process."""

    def __init__(self, path):
        self.path = os.path.abspath(path)
        self.pid = os.getpid()
        # Functions are saved because tests may patch the modules; the file is reopened because tests may close all descriptors.
        self._open, self._write, self._close, self._getpid = os.open, os.write, os.close, os.getpid
        self._encode = json.JSONEncoder().encode

    def write(self, **line):
        if self._getpid() != self.pid:
            return
        file = self._open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        text = self._encode(line).encode() + b"\n"
        while text:
            text = text[self._write(file, text) :]
        self._close(file)
