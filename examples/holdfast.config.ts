import { defineConfig } from 'holdfast/config';

// A small online shop whose parts were written by different people: five suites, five kinds of test.
export default defineConfig({
  suites: {
    shop: { framework: 'vitest', cwd: 'shop' },
    catalog: { framework: 'jest', cwd: 'catalog' },
    gateway: { framework: 'mocha', cwd: 'gateway' },
    // carrier.test.js talks to a service that is slow to wake up: one more try, and it counts as flaky.
    warehouse: { framework: 'node', cwd: 'warehouse', retries: 1 },
    ops: { framework: 'command', command: ['sh', '{file}'], include: ['*.test.sh'], cwd: 'ops' },

    // One file for each way to go wrong. It runs only when it is named: --suite broken.
    broken: { framework: 'node', cwd: 'broken', timeoutMs: 4_000, manual: true },
  },
});
