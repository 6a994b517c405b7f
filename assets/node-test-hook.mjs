// Imported before anything else into the process that `node --test` starts for a test file.
// Tells whether that process ended by itself: `beforeExit` is not emitted when something calls process.exit().

import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const marker = process.env.HOLDFAST_NODE_TEST_ENDED;

if (isMainThread && marker !== undefined && process.env.NODE_TEST_CONTEXT !== undefined) {
  // A process that the test forks inherits this import and the environment: it must not speak for the test.
  delete process.env.HOLDFAST_NODE_TEST_ENDED;
  process.once('beforeExit', () => writeFileSync(marker, ''));
}
