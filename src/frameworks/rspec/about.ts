import type { About } from '../about.js';

export const about: About = {
  title: 'RSpec',
  testFile: 'a file',
  detectedBy: '`.rspec`, a gem `rspec` or `rspec-…` in the Gemfile, `*_spec.rb` below `spec/`',
  listedWith: '`rspec --dry-run`',
  resultsFrom: 'a report of the program that Holdfast runs RSpec in',
  versions: { tried: [], remark: '3.12, the one of Debian 12' },
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
    throwsLate: ['failed', 'an `at_exit` that raises'],
    rejectsLate: 'passed',
    exitCode: 'failed',
    staysOpen: 'passed',
  },
  countsLeftOut: true,
  sessions: [
    {
      process: 'one Ruby with RSpec, `--require`d files and the helper that a file requires first, which forks',
      isolation: 'those files are loaded once and shared, nothing else',
    },
  ],
};
