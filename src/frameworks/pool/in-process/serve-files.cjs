'use strict';
// Runs the files of an order in this process, one after the other. Each has an answer as soon as it has ended: how it ended, what
// it took, and what it has left behind that another one might notice. After one that is not green, or has left something, the
// others of its order are not begun: it runs by itself now, and nothing else may beside it.

const { fstatSync } = require('node:fs');
const { openChannel } = require('./channel.cjs');
const { differences, stateOf } = require('./leaks.cjs');
const { ownCpuMs } = require('./process-table.cjs');

/** @import { ExitedAnswer, RunOrder } from '../protocol.js' */

const STDOUT = 1;

/**
 * @template Options
 * @typedef {(file: string, options: Options) => Promise<Pick<ExitedAnswer, 'exitCode' | 'report'>>} RunOne
 */

/**
 * `preparing` resolves to what runs a file with the options of its order; where it rejects, its message is why no file can run
 * here.
 * @template Options
 * @param {Promise<RunOne<Options>>} preparing
 */
exports.serveFiles = (preparing) => {
  const { send, serve } = openChannel();
  serve(preparing, {
    /** @param {RunOrder<Options>} order */
    async run({ files, env, options }, run) {
      Object.assign(process.env, env);
      const names = Object.keys(env);
      let before = stateOf(names);
      for (const file of files) {
        if (env.HOLDFAST_FILE !== undefined) process.env.HOLDFAST_FILE = file;
        const clock = startClock();
        const end = await run(file, options);
        const took = clock();
        await new Promise(setImmediate); // What ends with the file has ended.
        const after = stateOf(names);
        const left = differences(before, after);
        const isLast = end.exitCode !== 0 || left.length > 0;
        await send({ kind: 'exited', file, ...end, ...took, outputEnd: fstatSync(STDOUT).size, left, isLast });
        if (isLast) return;
        before = after;
      }
    },
  });
};

/** Returns what tells the times since. */
function startClock() {
  const [begunAt, cpuBefore] = [performance.now(), ownCpuMs()];
  return () => {
    const cpuNow = ownCpuMs();
    const cpuMs = cpuBefore === undefined || cpuNow === undefined ? undefined : cpuNow - cpuBefore;
    return { durationMs: Math.round(performance.now() - begunAt), cpuMs };
  };
}
