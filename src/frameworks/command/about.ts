import type { About } from '../about.js';

export const about: About = {
  title: 'command',
  testFile: 'a file that matches `include`, or what `list` prints',
  detectedBy: 'never; a suite with `command` has it',
  listedWith: '`include`, or a command of its own',
  resultsFrom: 'the exit code, and a report if there is one: JUnit, TAP or `go test -json`',
  situations: {
    passes: 'passed',
    fails: 'failed',
    noTests: ['noTests', 'if its report is empty'],
    allSkipped: ['passed', 'exit code 77'],
    killed: 'crashed',
    exitsZero: ['crashed', 'if a report is expected'],
    syntaxError: 'failed',
    missingImport: 'failed',
    noSuchFile: 'failed',
  },
  sessions: [
    {
      files: 'with `serve`',
      process: 'the program that the suite names',
      isolation: 'up to that program',
    },
  ],
};
