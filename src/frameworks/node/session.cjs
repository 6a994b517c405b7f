'use strict';
// Keeps a process of node ready that has yet to be told its test file: to start one takes longer than most files do. It runs that file and ends,
// as those of `node --test` do. The answer tells how the process of the file ended, and its report.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readFileSync, rmSync } = require('node:fs');
const { constants } = require('node:os');
const { join, resolve } = require('node:path');
const { openChannel } = require('../pool/in-process/channel.cjs');
const { killWhatIsLeft } = require('../pool/in-process/left-processes.cjs');

const { args, folder } = JSON.parse(process.env.HOLDFAST_NODE_TEST);
delete process.env.HOLDFAST_NODE_TEST;
const channel = openChannel();

/** Flags for the process that `node --test` has above those of the files. */
const ABOVE = /^--((experimental-)?test-(isolation|coverage)|test-(timeout|shard|global-setup|rerun-failures)|watch|inspect)/;
const above = args.find((word) => ABOVE.test(word));

let count = 0;
let next = above === undefined ? start() : null;

channel.serve({
  async run({ files: [file], env }) {
    if (next === null) return channel.send({ kind: 'cannot', reason: `node is told ${above}, which is for all files together` });
    const { child, ended, report } = next;
    child.stdio[3].end(JSON.stringify({ path: resolve(file), env, report }));
    next = start();
    const [exitCode, signal] = await ended;
    killWhatIsLeft(next.child.pid);
    if (signal === null) return channel.send({ kind: 'exited', file, exitCode, report: read(report) });
    return channel.send({ kind: 'signalled', file, signal: constants.signals[signal] });
  },
});

function start() {
  count += 1;
  const report = join(folder, `report-${count}.jsonl`);
  const words = [...args, '--test-reporter=spec', '--test-reporter-destination=stdout', join(__dirname, 'file.cjs')];
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
