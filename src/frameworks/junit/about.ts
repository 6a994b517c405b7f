import type { About } from '../about.js';

export const about: About = {
  title: 'JUnit',
  testFile: 'the source of a test class',
  detectedBy: 'a `pom.xml` beside `src`',
  listedWith: "`discover` of JUnit's console",
  resultsFrom: 'its JUnit reports',
  versions: { tried: ['5.10.5', '6.0.0'], remark: "5.13 in the project's own tests" },
  situations: {
    passes: 'passed',
    fails: 'failed',
    noTests: 'noTests',
    allSkipped: 'passed',
    killed: 'crashed',
    exitsZero: 'crashed',
    syntaxError: ['failed', 'the run, before it starts'],
    missingImport: ['failed', 'the run, before it starts'],
    noSuchFile: 'failed',
  },
  sessions: [
    {
      process: 'one Java with JUnit loaded; a class loader per test class',
      isolation:
        'nothing static of the project is shared; system properties, locale and time zone are restored, other settings of the process are not',
    },
  ],
};
