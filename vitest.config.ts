import { defineConfig } from 'vitest/config';

/** Most tests wait: for a process to start, a server to answer, a timeout to pass. Four at a time keep two processors busy. */
const WORKERS = 4;

/** Folders of `test/` that are a project of their own; what is in no other belongs to `unit`. */
const ADAPTERS = ['compose', 'objects', 'preemption', 'process', 'results', 'sources', 'temporal'];
const OTHERS = [...ADAPTERS, 'frameworks', 'scenarios', 'faults', 'real'];

const testsIn = (...folders: readonly string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`);
const SHARED = {
  pool: 'forks' as const,
  maxWorkers: WORKERS,
  testTimeout: 120_000, // A machine with other work is no failure: tests wait for conditions, and most for seconds.
  hookTimeout: 120_000,
  server: { deps: { external: [/\/dist\/.*\.js$/] } }, // What is shipped runs as it is.
};

/** How the projects differ is told in CONTRIBUTING.md, "How the tests are organised". */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...SHARED,
          name: 'unit',
          isolate: false, // Nothing here changes what others see: loading the modules once is most of the time.
          include: ['test/**/*.test.ts'],
          exclude: ['test/fixtures/**', ...testsIn(...OTHERS)],
        },
      },
      { test: { ...SHARED, name: 'adapters', include: testsIn(...ADAPTERS) } },
      { test: { ...SHARED, name: 'frameworks', include: testsIn('frameworks') } },
      { test: { ...SHARED, name: 'scenarios', include: testsIn('scenarios') } },
      {
        test: {
          ...SHARED,
          name: 'faults',
          maxWorkers: 3, // What is tested are timeouts of seconds; a starved machine is another fault than the one meant.
          sequence: { groupOrder: 1 },
          include: testsIn('faults'),
        },
      },
      {
        test: {
          ...SHARED,
          name: 'real',
          maxWorkers: 1, // Suites written by others use all processors by themselves.
          sequence: { groupOrder: 2 },
          testTimeout: 900_000, // Minutes, and a network the first time.
          hookTimeout: 900_000,
          include: testsIn('real'),
        },
      },
    ],
  },
});
