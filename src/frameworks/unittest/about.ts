import type { About } from '../about.js';

export const about: About = {
  title: 'unittest',
  testFile: 'a file',
  detectedBy:
    'test files that `python -m unittest` finds and that import `unittest`, where nothing in the project names pytest, nose, trial, stestr or Django',
  listedWith: "unittest's own discovery",
  resultsFrom: 'a test result class that Holdfast ships',
  situations: {
    passes: 'passed',
    fails: 'failed',
    noTests: 'noTests',
    allSkipped: 'passed',
    killed: 'crashed',
    exitsZero: ['failed', 'unittest catches it; crashed with `os._exit(0)`'],
    syntaxError: 'failed',
    missingImport: 'failed',
    noSuchFile: 'failed',
  },
  endings: {
    exitsWhenLoaded: 'crashed',
    setUpThrows: 'failed',
    tearDownThrows: 'failed',
    throwsLate: 'passed',
    rejectsLate: 'passed',
    exitCode: 'failed',
  },
  countsLeftOut: true,
  sessions: [
    {
      process: 'one Python with unittest, unittest.mock and asyncio loaded, which forks',
      isolation: "nothing is shared; the project's modules are loaded for each file",
    },
  ],
};
