import type { About } from '../about.js';

export const about: About = {
  title: 'pytest',
  testFile: 'a file',
  detectedBy:
    '`pytest.ini`, `pytest.toml`, `conftest.py`, a table for pytest in `pyproject.toml`, `setup.cfg` or `tox.ini`, pytest among the dependencies in `pyproject.toml` or `tox.ini`, a call of it in `tox.ini`',
  listedWith: '`pytest --collect-only`',
  resultsFrom: 'a plugin that Holdfast ships',
  versions: { tried: ['7.4.4', '8.4.2'], remark: "9.2 in the project's own tests" },
  situations: {
    passes: 'passed',
    fails: 'failed',
    noTests: 'noTests',
    allSkipped: 'passed',
    killed: 'crashed',
    exitsZero: 'crashed',
    syntaxError: 'failed',
    missingImport: 'failed',
    noSuchFile: 'failed',
  },
  endings: {
    exitsWhenLoaded: 'crashed',
    setUpThrows: 'failed',
    tearDownThrows: 'failed',
    throwsLate: ['passed', 'a warning of pytest'],
    rejectsLate: 'passed',
    staysOpen: 'passed',
  },
  sessions: [
    {
      files: 'one file',
      process: 'one Python with pytest loaded, which forks',
      isolation: "nothing is shared; plugins, `conftest.py` and the project's modules are loaded for each file",
    },
    {
      files: 'short files together',
      process: 'the same, with one fork for all of them',
      isolation: 'like one run of `pytest` or a worker of xdist: modules and session fixtures are shared',
    },
  ],
};
