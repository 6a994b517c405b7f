import type { About } from '../about.js';

export const about: About = {
  title: 'node:test',
  testFile: 'a file',
  detectedBy: 'a script with `node --test`',
  listedWith: 'the patterns of `node --test`',
  resultsFrom: 'a reporter that Holdfast ships',
  versions: { tried: ['22.23.3', '24.21.0', '26.10.0'], remark: 'and the one that runs the tests' },
  situations: {
    passes: 'passed',
    fails: 'failed',
    noTests: 'noTests',
    allSkipped: 'passed',
    killed: 'crashed',
    exitsZero: 'crashed',
    syntaxError: 'failed',
    missingImport: 'failed',
    noSuchFile: 'crashed',
  },
  endings: {
    exitsWhenLoaded: 'crashed',
    setUpThrows: 'failed',
    tearDownThrows: 'failed',
    throwsLate: 'failed',
    rejectsLate: 'failed',
    exitCode: 'failed',
    staysOpen: 'passed',
  },
  sessions: [
    {
      process: 'one per file, started before it is needed',
      isolation: 'like `node --test`: nothing is shared',
    },
  ],
  noSessionsWith: 'flags for all files together (`--test-timeout`, `--test-shard`, …)',
};
