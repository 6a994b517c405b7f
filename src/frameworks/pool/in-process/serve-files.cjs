'use strict';
// Runs the files of an order in this process, one after another. Each is answered for as it ends: its exit code, its times, and what
// it left behind that could affect another file. After a file that is red or left something behind, the rest of the order is
// skipped: that file is now rerun on its own, and nothing else may run beside it.

const { fstatSync, mkdirSync, readdirSync, renameSync } = require('node:fs');
const { join } = require('node:path');
const v8 = require('node:v8');
const { openChannel } = require('./channel.cjs');
const { goHome, leftSince, stateOf } = require('./leaks.cjs');
const { ownCpuMs } = require('./process-table.cjs');

/** @import { SessionCoverage } from '../../coverage/node-coverage.js' */
/** @import { ExitedAnswer, RunOrder } from '../protocol.js' */

const STDOUT = 1;

/**
 * @template Options
 * @typedef {(file: string, options: Options) => Promise<Pick<ExitedAnswer, 'exitCode' | 'report' | 'coverage'>>} RunOne
 */

/**
 * `preparing` resolves to a function that runs one file with the options of its order. If it rejects, no file can run here, for
 * the reason in its message. `ignoresOpen`: the framework ends its own processes with what a file left open in them; otherwise such a
 * file may still fail. `ignoresLeft`: they also go on with whatever a file left behind, so this one does, in its own folder.
 * `atEnd`: what is left to do when no more files come. `coverage`: where Node writes what V8 measures, and where each file's goes.
 * @template Options
 * @param {Promise<RunOne<Options>>} preparing
 * @param {{ ignoresOpen?: boolean, ignoresLeft?: boolean, atEnd?: () => Promise<unknown>, coverage?: SessionCoverage | null }} [framework]
 */
exports.serveFiles = (preparing, framework = {}) => {
  const { ignoresOpen = false, ignoresLeft = false, atEnd = async () => undefined, coverage } = framework;

  const { send, serve, whileOpen } = openChannel({ atEnd });
  serve(preparing, {
    /** @param {RunOrder<Options>} order */
    async run({ files, env, options }, run) {
      Object.assign(process.env, env);
      const names = Object.keys(env);
      let before = stateOf(names);
      for (const file of files) {
        if (env.HOLDFAST_FILE !== undefined) process.env.HOLDFAST_FILE = file;
        const clock = startClock();
        const end = await whileOpen(() => run(file, options));
        const times = clock();
        const measured = coverage ? { coverage: takeCoverage(coverage) } : {};
        if (ignoresLeft) goHome();
        const { after, left, isOpen } = ignoresLeft ? { after: before, left: [], isOpen: false } : await leftSince(before, names);
        const mayStillFail = isOpen && !ignoresOpen;
        const isLast = end.exitCode !== 0 || left.length > 0;
        await send({
          kind: 'exited',
          file,
          ...measured,
          ...end,
          ...times,
          outputEnd: fstatSync(STDOUT).size,
          left,
          mayStillFail,
          isLast,
        });
        if (isLast) return;
        before = after;
      }
    },
  });
};

let filesMeasured = 0;

/**
 * Moves what V8 has measured since the last time, and what processes that have ended since then did, into a folder; returns its name.
 * @param {SessionCoverage} coverage
 */
function takeCoverage({ from, to }) {
  const name = `${++filesMeasured}`;
  v8.takeCoverage(); // V8 counts from zero again.
  mkdirSync(join(to, name), { recursive: true });
  for (const file of readdirSync(from)) renameSync(join(from, file), join(to, name, file));
  return name;
}

/** Returns a function that returns the wall-clock and CPU time since. */
function startClock() {
  const [begunAt, cpuBefore] = [performance.now(), ownCpuMs()];
  return () => {
    const cpuNow = ownCpuMs();
    const cpuMs = cpuBefore === undefined || cpuNow === undefined ? undefined : cpuNow - cpuBefore;
    return { durationMs: Math.round(performance.now() - begunAt), cpuMs };
  };
}
