'use strict';
// Speaks for a program of the project's own that runs file after file: it reads paths, one line each, on standard input, and
// tells what became of a file by lines of JSON on its descriptor 3. The answer has what the program told.

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
paths.on('error', () => undefined); // It has ended, which is told by its end.
const folder = folderOf(child.pid);

/**
 * The file that runs, what was told of it, and the processes that were there before; null between two files.
 * @type {{ file: string, report: string, before: ReadonlyMap<number, number> } | null}
 */
let current = null;

createInterface({ input: /** @type {Readable} */ (child.stdio[3]) }).on('line', (line) => {
  const told = parsed(line);
  if (current === null || typeof told !== 'object' || told === null) return; // A test may have written there.
  current.report += `${line}\n`;
  if (typeof told.exitCode === 'number') end(current, told.exitCode, whatIsLeft(current.before));
});
child.on('exit', () => {
  if (current !== null) end(current, 1, []);
  close(); // A program that has ended serves nobody.
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
 * What the next file would find: what another one has started, and another working folder.
 * @param {ReadonlyMap<number, number>} before
 */
function whatIsLeft(before) {
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
