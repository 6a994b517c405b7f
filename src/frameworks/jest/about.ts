import type { About } from '../about.js';

export const about: About = {
  title: 'jest',
  testFile: 'a file',
  detectedBy: '`jest` in package.json, `jest.config.*`',
  listedWith: '`jest --listTests`',
  resultsFrom: 'a reporter that Holdfast ships',
  versions: { tried: ['29.7.0', '30.5.2'] },
  situations: {
    passes: 'passed',
    fails: 'failed',
    noTests: 'noTestsError',
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
    throwsLate: ['passed', 'as in a worker of `jest -w 2`'],
    rejectsLate: ['passed', 'as in a worker of `jest -w 2`'],
    exitCode: ['passed', 'as in a worker of `jest -w 2`'],
    staysOpen: 'passed',
  },
  countsLeftOut: true,
  sessions: [
    {
      process: "one, with jest's configuration, file map and transforms; an environment per file",
      isolation: 'like the workers of `jest -w 2`: changes to the process itself remain, except for its working directory',
    },
  ],
  noSessionsWith: '`--detectOpenHandles`',
};
