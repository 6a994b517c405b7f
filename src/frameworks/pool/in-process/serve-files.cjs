'use strict';
// Runs the files of an order in this process, one after the other. Each has an answer as soon as it has ended: what its run told, what it took, and what
// it has left behind that another one might notice. After one that is not green, or has left something, the others of its order are not begun: it runs by
// itself now, and nothing else may beside it.

const { fstatSync, readFileSync } = require('node:fs');
const { openChannel } = require('./channel.cjs');
const { differences, stateOf } = require('./leaks.cjs');

const STDOUT = 1;

/** `preparing` comes to a function that runs a file of an order; what it is rejected with is why none can be run here. */
exports.serveFiles = (preparing) => {
  preparing.catch(() => undefined); // Each order tells it.
  const channel = openChannel();
  channel.serve({
    async run({ files, env, options }) {
      let run;
      try {
        run = await preparing;
      } catch (error) {
        return channel.send({ kind: 'cannot', reason: error.message });
      }
      Object.assign(process.env, env);
      const names = Object.keys(env);
      let before = stateOf(names);
      for (const file of files) {
        if (env.HOLDFAST_FILE !== undefined) process.env.HOLDFAST_FILE = file;
        const begunAt = performance.now();
        const cpuBefore = cpuMs();
        const told = await run(file, options);
        const took = { durationMs: Math.round(performance.now() - begunAt), cpuMs: cpuMs() - cpuBefore };
        await new Promise(setImmediate); // What ends with the file has ended.
        const after = stateOf(names);
        const left = differences(before, after);
        const isLast = told.exitCode !== 0 || left.length > 0;
        await channel.send({
          kind: 'exited',
          file,
          ...told,
          ...took,
          outputEnd: fstatSync(STDOUT).size,
          left,
          ...(isLast && { isLast }),
        });
        if (isLast) return;
        before = after;
      }
    },
  });
};

/** proc(5): fields 14 to 17 of stat, in ticks of 10 ms: this process, and children it has waited for. */
function cpuMs() {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) * 10;
}
