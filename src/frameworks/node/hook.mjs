// Imported before anything else into the process that `node --test` starts for a test file.
// Records whether that process ended on its own (`beforeExit` is not emitted if something calls process.exit()), which built-in modules the
// file loaded, which distinguishes a script from an empty file, and what was still open, if it had to be ended.

import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { endWhenOpen } from './ended.cjs';

/** @import { FileEnd } from './events.cjs' */

const marker = process.env.HOLDFAST_NODE_TEST_ENDED;

if (isMainThread && marker !== undefined && process.env.NODE_TEST_CONTEXT !== undefined) {
  // A process forked by the test inherits this import and the environment, and must not report for the test.
  delete process.env.HOLDFAST_NODE_TEST_ENDED;
  /** @type {Pick<FileEnd, 'stayedOpen'>} */
  const open = {};
  endWhenOpen((names) => {
    open.stayedOpen = names;
  });
  const before = new Set(publicModules());
  process.once('beforeExit', () => {
    /** @type {FileEnd} */
    const end = { loaded: publicModules().filter((name) => !before.has(name)), ...open };
    writeFileSync(marker, JSON.stringify(end));
  });
}

/** The loaded built-in modules, except internal ones. */
function publicModules() {
  const { moduleLoadList = [] } = /** @type {{ moduleLoadList?: string[] }} */ (process);
  const names = moduleLoadList.map((entry) => entry.replace(/^NativeModule /, ''));
  return names.filter((name) => !/^internal\/|^Internal /.test(name));
}
