import type { About } from '../about.js';

export const about: About = {
  title: 'mocha',
  testFile: 'a file',
  detectedBy: '`mocha` in package.json, `.mocharc*`',
  listedWith: "mocha's own configuration and lookup",
  resultsFrom: 'a reporter that Holdfast ships',
  versions: { tried: ['6.2.3', '7.2.0', '10.8.2', '12.0.3'], remark: "11.8 in the project's own tests" },
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
    throwsLate: 'failed',
    rejectsLate: ['passed', 'as mocha has it'],
    exitCode: ['passed', 'mocha sets its own'],
    staysOpen: 'passed',
  },
  countsLeftOut: true,
  sessions: [
    {
      process: 'one, with a fresh `Mocha` per file',
      isolation: 'like the workers of `mocha --parallel`: the test file is loaded anew, modules it requires are cached',
    },
  ],
  noSessionsWith: 'node flags in its configuration (`node-option`, `--inspect`, …); versions before 8',
};
