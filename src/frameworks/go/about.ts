import type { About } from '../about.js';

export const about: About = {
  title: 'go',
  testFile: 'the folder of a package',
  detectedBy: '`go.mod`, `go.work`',
  listedWith: '`go list ./...`',
  resultsFrom: '`go test -json`',
  situations: {
    passes: 'passed',
    fails: 'failed',
    noTests: 'noTests',
    allSkipped: 'passed',
    killed: 'crashed',
    exitsZero: ['crashed', 'go panics'],
    syntaxError: 'failed',
    missingImport: 'failed',
    noSuchFile: 'failed',
  },
  sessions: [
    {
      process:
        'one `go test -p 1` for all packages of a dispatch, which links only what has changed (`.holdfast/cache/go`, at most 2 GiB); each package has its own process, as always',
      isolation: 'like `go test ./...`: nothing is shared',
    },
  ],
  noSessionsWith: 'flags for one package (profiles, `-exec`, `-o`, …)',
};
