import { defineConfig } from 'vitest/config';

/** Everything that dies, for real. Few files at a time: what is tested are timeouts of seconds, and a starved machine is not the fault meant. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    include: ['test/faults/**/*.test.ts'],
  },
});
