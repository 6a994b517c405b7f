'use strict';
// Keeps a Node process ready that waits for its test file, since starting one takes longer than most files. That process runs one file
// and ends, as with `node --test`. The answer says how it ended and contains its report.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync, rmSync } = require('node:fs');
const { constants } = require('node:os');
const { join, resolve } = require('node:path');
const { openChannel } = require('../pool/in-process/channel.cjs');
const { killWhatIsLeft } = require('../pool/in-process/left-processes.cjs');
const { takeSettings } = require('../pool/in-process/settings.cjs');

/** @import { Writable } from 'node:stream' */
/** @import { RunOrder } from '../pool/protocol.js' */
/** @import { NodeSettings } from './adapter.js' */
/** @import { FileOrder } from './file.cjs' */

/** @type {NodeSettings} */
const { args, folder, coverage } = takeSettings();
const { send, serve } = openChannel();

/** Flags for the parent process of `node --test`, which a session does not have. */
const RUN_FLAGS = /^--((experimental-)?test-isolation|test-(timeout|shard|global-setup|rerun-failures|random)|watch|inspect)/;

let count = 0;
/** @type {ReturnType<typeof start>} */
let next;

serve(prepare(), {
  /** @param {RunOrder<unknown>} order */
  async run({ files: [file = ''], env }) {
    const { orders, ended, report, name } = next;
    /** @type {FileOrder} */
    const order = { path: resolve(file), env, report };
    orders.end(JSON.stringify(order));
    next = start();
    const { exitCode, signal } = await ended;
    killWhatIsLeft(next.child.pid);
    if (signal === null)
      await send({ kind: 'exited', file, exitCode, report: read(report), ...(coverage && { coverage: name }) });
    else await send({ kind: 'signalled', file, signal: constants.signals[signal] });
  },
});

async function prepare() {
  const flag = args.find((word) => RUN_FLAGS.test(word));
  if (flag !== undefined) throw new Error(`node is given ${flag}, which applies to the whole run`);
  next = start();
}

function start() {
  count += 1;
  const name = `${count}`;
  const report = join(folder, `report-${name}.jsonl`);
  const words = [...args, '--test-reporter=spec', '--test-reporter-destination=stdout', join(__dirname, 'file.cjs')];
  const child = spawn(process.execPath, words, {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, ...(coverage && { NODE_V8_COVERAGE: join(coverage, name) }) },
  });
  const orders = /** @type {Writable} */ (child.stdio[3]);
  orders.on('error', () => undefined); // The process has ended; its exit event says so.
  /** @type {Promise<{ exitCode: number, signal: NodeJS.Signals | null }>} */
  const ended = once(child, 'exit').then(([exitCode, signal]) => ({ exitCode, signal }));
  return { child, orders, ended, report, name };
}

/**
 * Reads and removes a report; null if there is none.
 * @param {string} report
 */
function read(report) {
  try {
    return readFileSync(report, 'utf8');
  } catch {
    return null;
  } finally {
    rmSync(report, { force: true });
  }
}
