'use strict';
// Keeps a process of node ready that has yet to be told its test file: to start one takes longer than most files do. It runs that file and ends,
// as those of `node --test` do. An order is a line of JSON on descriptor 3; the answer tells how the process of the file ended, and its report.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readdirSync, readFileSync, rmSync } = require('node:fs');
const { Socket } = require('node:net');
const { constants } = require('node:os');
const { join, resolve } = require('node:path');
const { createInterface } = require('node:readline');

const { args, folder } = JSON.parse(process.env.HOLDFAST_NODE_TEST);
delete process.env.HOLDFAST_NODE_TEST;
const channel = new Socket({ fd: 3 });
const answer = (told) => channel.write(`${JSON.stringify(told)}\n`);

/** Flags for the process that `node --test` has above those of the files. */
const ABOVE = /^--((experimental-)?test-(isolation|coverage)|test-(timeout|shard|global-setup|rerun-failures)|watch|inspect)/;
const above = args.find((word) => ABOVE.test(word));

let count = 0;
let next = above === undefined ? start() : null;

createInterface({ input: channel }).on('line', async (line) => {
  if (next === null) return answer({ cannot: `node is told ${above}, which is for all files together` });
  const { child, ended, report } = next;
  const { file, env } = JSON.parse(line);
  child.stdio[3].end(JSON.stringify({ path: resolve(file), env, report }));
  next = start();
  const [exitCode, signal] = await ended;
  killWhatIsLeft(next.child.pid);
  answer(signal === null ? { exitCode, report: read(report) } : { signal: constants.signals[signal] });
});
channel.on('end', () => process.exit(0));

function start() {
  count += 1;
  const report = join(folder, `report-${count}.jsonl`);
  const words = [...args, '--test-reporter=spec', '--test-reporter-destination=stdout', join(__dirname, 'node-test-file.cjs')];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  child.stdio[3].on('error', () => undefined); // It has ended, which is told by its end.
  return { child, ended: once(child, 'exit'), report };
}

/** null where there is none. */
function read(report) {
  try {
    return readFileSync(report, 'utf8');
  } catch {
    return null;
  } finally {
    rmSync(report, { force: true });
  }
}

/** What a file has started and not ended: all of this group but this process, and the one that waits with what it has started. */
function killWhatIsLeft(waiting) {
  const group = processesOf(process.pid);
  const isOfWaiting = (pid) => pid === waiting || (group.has(pid) && isOfWaiting(group.get(pid)));
  for (const pid of group.keys()) {
    if (pid === process.pid || isOfWaiting(pid)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
}

/** Those of a process group, each with its parent. Linux only: none elsewhere, and the worker ends them with this process. */
function processesOf(group) {
  const found = new Map();
  for (const name of filesIn('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(name);
    const [, parent, own] = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // proc(5): the name before may hold anything.
    if (Number(own) === group) found.set(Number(name), Number(parent));
  }
  return found;
}

function filesIn(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readStat(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return ''; // It has just ended.
  }
}
