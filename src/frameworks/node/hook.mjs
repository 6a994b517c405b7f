// Imported before anything else into the process that `node --test` starts for a test file.
// Tells whether that process ended by itself (`beforeExit` is not emitted when something calls process.exit()),
// and which of node's modules the file has loaded: that tells a script from an empty file.

import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const marker = process.env.HOLDFAST_NODE_TEST_ENDED;

if (isMainThread && marker !== undefined && process.env.NODE_TEST_CONTEXT !== undefined) {
  // A process that the test forks inherits this import and the environment: it must not speak for the test.
  delete process.env.HOLDFAST_NODE_TEST_ENDED;
  const before = new Set(publicModules());
  process.once('beforeExit', () => {
    writeFileSync(marker, JSON.stringify(publicModules().filter((name) => !before.has(name))));
  });
}

/** Modules of node that are loaded, without those that are internal to it. */
function publicModules() {
  const { moduleLoadList = [] } = /** @type {{ moduleLoadList?: string[] }} */ (process);
  const names = moduleLoadList.map((entry) => entry.replace(/^NativeModule /, ''));
  return names.filter((name) => !/^internal\/|^Internal /.test(name));
}
