'use strict';
// Speaks for a program of the project's own that runs file after file: it reads paths, one line each, on standard input, and tells what became of a
// file by lines of JSON on its descriptor 3. The answer has what the program told.

const { spawn } = require('node:child_process');
const { readlinkSync } = require('node:fs');
const { createInterface } = require('node:readline');
const { openChannel } = require('../pool/in-process/channel.cjs');
const { processesOf } = require('../pool/in-process/left-processes.cjs');

const [program, ...words] = JSON.parse(process.env.HOLDFAST_SERVE);
delete process.env.HOLDFAST_SERVE;
const channel = openChannel();

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
  channel.close(); // A program that has ended serves nobody.
});

channel.serve({
  async run({ files: [file] }) {
    if (child.pid === undefined) {
      const reason = `the program of \`serve\` could not be started: ${await startFailed}`;
      return channel.send({ kind: 'cannot', reason });
    }
    current = { file, report: '', before: processesOf(process.pid) };
    child.stdin.write(`${file}\n`);
  },
});

function end(told) {
  const { file, report } = current;
  void channel.send({ kind: 'exited', file, report, ...told });
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
