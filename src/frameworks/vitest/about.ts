import type { About } from '../about.js';

export const about: About = {
  title: 'vitest',
  testFile: 'a file',
  detectedBy: '`vitest` in package.json, `vitest.config.*`',
  listedWith: '`vitest list --filesOnly`',
  resultsFrom: 'its JSON report',
  versions: { tried: ['3.2.7', '4.1.12', '5.1.1'], remark: '5.1 on node 22.12 or later, which it requires' },
  situations: {
    passes: 'passed',
    fails: 'failed',
    noTests: 'noTestsError',
    allSkipped: 'passed',
    killed: 'crashed',
    exitsZero: ['failed', 'vitest catches it'],
    syntaxError: 'failed',
    missingImport: 'failed',
    noSuchFile: 'failed',
  },
  endings: {
    exitsWhenLoaded: ['failed', 'vitest catches it'],
    setUpThrows: 'failed',
    tearDownThrows: 'failed',
    exitCode: ['passed', 'vitest sets its own'],
    staysOpen: 'passed',
  },
  countsLeftOut: true,
  sessions: [
    {
      process: 'one instance of vitest, which forks for each file (`isolate: true`)',
      isolation: 'like `vitest run`: transformed modules and global setup are shared, nothing else',
    },
  ],
  noSessionsWith: 'a browser; versions before 3',
};
