'use strict';
// What keeps this process alive, or will run when it ends. Load it before any test: tests may replace timers and functions of `process`.

const { setTimeout, clearTimeout } = globalThis;
const getResources = process.getActiveResourcesInfo.bind(process);

/** Time in ms that a process may stay open after its last case. */
const GRACE_MS = Number(process.env.HOLDFAST_OPEN_GRACE_MS ?? 2_000);
/** Time in ms for connections and timers that are about to close when the last case ends. */
const CLOSING_MS = 100;
const END_EVENTS = new Set(['exit', 'beforeExit']);

/** Resources of this process that keep it alive; what has just been scheduled does so for no time. */
const resources = () => getResources().filter((name) => name !== 'Immediate' && name !== 'TickObject');
const atStart = resources();

/** @type {{ event: string, listener: Function }[]} */
const atEnd = [];
process.on('newListener', (event, listener) => {
  if (END_EVENTS.has(event) && isOfProject()) atEnd.push({ event, listener });
});

/** Whether code of the project calls, other than that of a package, whose listener cleans up. */
function isOfProject() {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 20;
  const lines = String(new Error().stack).split('\n').slice(1);
  Error.stackTraceLimit = stackTraceLimit;
  const caller = lines.find((line) => !line.includes('node:') && !line.includes(__filename) && /[/\\]/.test(line));
  return caller !== undefined && !/[/\\]node_modules[/\\]/.test(caller);
}

/** Listeners of the project for the end of the process, each named once: they may still fail. */
exports.endListeners = () => {
  const left = atEnd.filter(({ event, listener }) =>
    process.listeners(/** @type {'exit'} */ (event)).some((one) => one === listener),
  );
  return [...new Set(left.map(({ event }) => `a listener for ${event}`))];
};

/**
 * Names of what keeps the process alive beside `before`, once each.
 * @param {readonly string[]} [before]
 */
function stillOpen(before = atStart) {
  const rest = [...before];
  const added = resources().filter((name) => !rest.includes(name) || rest.splice(rest.indexOf(name), 1).length === 0);
  return [...new Set(added)];
}

/** stdout and stderr of this process, as far as they are pipes. */
function ownPipes() {
  const streams = /** @type {{ _handle?: object }[]} */ ([process.stdout, process.stderr]);
  return streams.flatMap(({ _handle }) => (_handle?.constructor.name === 'Pipe' ? ['PipeWrap'] : []));
}

exports.resources = resources;
exports.stillOpen = stillOpen;

/**
 * Waits until nothing more is open than `before`, if that comes soon, and names what still is.
 * @param {readonly string[]} before
 * @returns {Promise<readonly string[]>}
 */
exports.openAfterClosing = async (before) => {
  await new Promise(setImmediate);
  const until = performance.now() + CLOSING_MS;
  while (stillOpen(before).length > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
  return stillOpen(before);
};

/**
 * For a process that ends by itself after its tests: `onOpen` is called if it does not do so soon, `onForce` to end it.
 * Returns a function that calls this off.
 * @param {{ onOpen?: () => void, onForce: (names: readonly string[]) => unknown }} callbacks
 */
exports.endIfOpen = ({ onOpen, onForce }) => {
  // Unreferenced: these do not keep the process alive themselves.
  const timers = [
    ...(onOpen ? [setTimeout(onOpen, CLOSING_MS).unref()] : []),
    setTimeout(() => onForce(stillOpen([...atStart, ...ownPipes()])), GRACE_MS).unref(),
  ];
  return () => {
    for (const timer of timers) clearTimeout(timer);
  };
};
