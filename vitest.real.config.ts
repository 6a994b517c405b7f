import { defineConfig } from 'vitest/config';

/** Suites written by others, run through the command line: minutes, and a network the first time. One after another: they use all cores. */
export default defineConfig({
  test: {
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 900_000,
    include: ['test/real/**/*.test.ts'],
  },
});
