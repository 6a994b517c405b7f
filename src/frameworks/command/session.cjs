'use strict';
// Wraps the suite's `serve` program, which reads file paths from stdin, one per line, and reports results as lines of JSON on its
// descriptor 3. An answer contains those lines.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { createInterface } = require('node:readline');
const { openChannel } = require('../pool/in-process/channel.cjs');
const { folderOf, parentsIn } = require('../pool/in-process/process-table.cjs');
const { takeSettings } = require('../pool/in-process/settings.cjs');

/** @import { Readable, Writable } from 'node:stream' */
/** @import { RunOrder } from '../pool/protocol.js' */
/** @import { ServeSettings } from './adapter.js' */

/** @type {ServeSettings} */
const {
  serve: [program = '', ...words],
} = takeSettings();
const { close, send, serve } = openChannel();

const child = spawn(program, words, { stdio: ['pipe', 'inherit', 'inherit', 'pipe'] });
const starting = once(child, 'spawn').catch((/** @type {Error} */ { message }) => {
  throw new Error(`the program of \`serve\` could not be started: ${message}`);
});
const paths = /** @type {Writable} */ (child.stdin);
paths.on('error', () => undefined); // The program has ended; its exit event says so.
const folder = folderOf(child.pid);

/**
 * The current file, what was reported for it, and the processes that existed before it; null between files.
 * @type {{ file: string, report: string, before: ReadonlyMap<number, number> } | null}
 */
let current = null;

createInterface({ input: /** @type {Readable} */ (child.stdio[3]) }).on('line', (line) => {
  const event = parsed(line);
  if (current === null || typeof event !== 'object' || event === null) return; // A test may have written this.
  current.report += `${line}\n`;
  if (typeof event.exitCode === 'number') end(current, event.exitCode, leftSince(current.before));
});
child.on('exit', () => {
  if (current !== null) end(current, 1, []);
  close(); // Without the program there is nothing to serve.
});

serve(starting, {
  /** @param {RunOrder<unknown>} order */
  async run({ files: [file = ''] }) {
    current = { file, report: '', before: parentsIn(process.pid) };
    paths.write(`${file}\n`);
  },
});

/**
 * @param {{ file: string, report: string }} ended
 * @param {number} exitCode
 * @param {string[]} left
 */
function end({ file, report }, exitCode, left) {
  current = null;
  void send({ kind: 'exited', file, exitCode, report, left });
}

/**
 * Describes what a file left behind: new processes, and a different working directory of the program.
 * @param {ReadonlyMap<number, number>} before
 */
function leftSince(before) {
  const others = [...parentsIn(process.pid).keys()].filter((pid) => !before.has(pid));
  const now = folderOf(child.pid);
  return [...others.map((pid) => `the process ${pid}`), ...(now === folder ? [] : [`the working folder is ${now}`])];
}

/** @param {string} line */
function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
