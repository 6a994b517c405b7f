'use strict';
// Speaks for a program of the project's own that runs file after file: it reads paths, one line each, on standard input, and tells what became of a
// file by lines of JSON on descriptor 3. An order of ours is a line of JSON on our own descriptor 3; the answer has what the program told.

const { spawn } = require('node:child_process');
const { readlinkSync } = require('node:fs');
const { Socket } = require('node:net');
const { createInterface } = require('node:readline');
const { processesOf } = require('../pool/in-process/left-processes.cjs');

const [program, ...words] = JSON.parse(process.env.HOLDFAST_SERVE);
delete process.env.HOLDFAST_SERVE;
const channel = new Socket({ fd: 3 });
const answer = (told) => channel.write(`${JSON.stringify(told)}\n`);

const child = spawn(program, words, { stdio: ['pipe', 'inherit', 'inherit', 'pipe'] });
child.stdin.on('error', () => undefined); // It has ended, which is told by its end.
const startFailed = new Promise((resolve) => child.on('error', ({ message }) => resolve(message)));
const folder = folderOf(child.pid);

/** The file that runs, and what was told of it; null between two files. */
let current = null;

createInterface({ input: child.stdio[3] }).on('line', (line) => {
  const told = current === null ? null : parsed(line);
  if (told === null || typeof told !== 'object') return; // A test may have written there.
  current.report += `${line}\n`;
  if (typeof told.exitCode === 'number') end({ exitCode: told.exitCode, left: whatIsLeft() });
});
child.on('exit', () => {
  if (current !== null) end({ exitCode: 1 });
  channel.end(); // A program that has ended serves nobody.
});

createInterface({ input: channel }).on('line', async (line) => {
  if (child.pid === undefined) return answer({ cannot: `the program of \`serve\` could not be started: ${await startFailed}` });
  current = { report: '', before: processesOf(process.pid) };
  child.stdin.write(`${JSON.parse(line).file}\n`);
});
channel.on('end', () => process.exit(0));

function end(told) {
  answer({ ...told, report: current.report });
  current = null;
}

/** What the next file would find: what another one has started, and another working folder. */
function whatIsLeft() {
  const others = [...processesOf(process.pid).keys()].filter((pid) => !current.before.has(pid));
  const now = folderOf(child.pid);
  return [...others.map((pid) => `the process ${pid}`), ...(now === folder ? [] : [`the working folder is ${now}`])];
}

/** Linux only: null elsewhere. */
function folderOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
