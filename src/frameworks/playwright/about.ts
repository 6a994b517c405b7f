import type { About } from '../about.js';

export const about: About = {
  title: 'Playwright',
  testFile: 'a file',
  detectedBy: '`playwright.config.*`',
  listedWith: '`playwright test --list`',
  resultsFrom: 'its JSON report',
  versions: { tried: ['1.40.1', '1.65.1'] },
  situations: {
    passes: 'passed',
    fails: 'failed',
    noTests: 'noTestsError',
    allSkipped: 'passed',
    killed: ['failed', 'the running case'],
    exitsZero: ['failed', 'the running case'],
    syntaxError: 'failed',
    missingImport: 'failed',
    noSuchFile: 'noTestsError',
  },
  sessions: [
    {
      process:
        'one `playwright test --workers=1` for all files of a dispatch: one set of servers, and one worker process with its browser until a test fails',
      isolation: 'like `playwright test` with one worker',
    },
  ],
};
