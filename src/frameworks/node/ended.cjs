'use strict';
// Ends the process of a test file that stays open after its tests. Node itself lets it run, unless it is given --test-force-exit.

const { AsyncResource, createHook } = require('node:async_hooks');
const { pathToFileURL } = require('node:url');
const { endIfOpen } = require('../pool/in-process/open.cjs');

const { setTimeout } = globalThis; // Tests may replace it, and the next one.
const exit = process.exit.bind(process);
/** Longest time in ms for an import of a module that is loaded. */
const LOADED_MS = 500;
/** Outside of any test, so that hooks registered in it belong to the whole file. */
const outside = new AsyncResource('Holdfast');

/**
 * To be called before the file is loaded. `onForce` is called with the names of what is open, then the reporters flush and the process
 * exits, as if nothing had been open.
 * @param {(names: readonly string[]) => void} onForce
 */
exports.endWhenOpen = (onForce) => {
  const main = process.argv[1] ?? '';
  let callOff = () => {};
  let isOver = false;
  // A file may define further tests after all others have ended.
  const watch = createHook({
    init(_id, type) {
      if (type === 'Test') {
        isOver = false;
        watch.disable();
        callOff();
        queueMicrotask(awaitEnd);
      }
    },
  });

  /** The hooks of the file come first: those that are registered while they run are appended. */
  const awaitEnd = () => afterAll(() => afterAll(onEnd));
  const onEnd = () => {
    isOver = true;
    watch.enable();
    wait();
  };
  const wait = () => {
    callOff = endIfOpen({ onForce: end });
  };

  /** @param {readonly string[]} names */
  async function end(names) {
    const mayDefineMore = await isLoading(main);
    if (!isOver) return;
    if (mayDefineMore) return wait();
    onForce(names);
    const flushed = new Promise((resolve) => process.stdout.once('unpipe', resolve));
    process.emit('beforeExit', Number(process.exitCode ?? 0)); // Here node:test ends its report and decides on the exit code.
    await flushed;
    exit();
  }

  process.on('newListener', function onListener(event, { name }) {
    if (event !== 'beforeExit' || name !== 'exitHandler') return; // node:test is used for the first time.
    process.removeListener('newListener', onListener);
    queueMicrotask(awaitEnd);
  });
};

/** @param {() => void} hook */
const afterAll = (hook) => outside.runInAsyncScope(() => require('node:test').after(hook));

/**
 * Whether the file is still being loaded, which may take several turns with a top-level await. An import of a module that is loaded
 * loads nothing again.
 * @param {string} main
 */
async function isLoading(main) {
  if (main in require.cache) return false;
  const loaded = import(pathToFileURL(main).href).then(
    () => false,
    () => false,
  );
  return Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, LOADED_MS, true))]);
}
