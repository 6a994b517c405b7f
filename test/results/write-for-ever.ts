/** A process that records run after run into a folder and says so after each, until it is killed. */
import { openResults } from '../../src/adapters/results/index.js';
import { aCase, aFile, anAttempt, anInput, passed } from '../support/recorded.js';

const [folder = ''] = process.argv.slice(2);
const store = await openResults({ kind: 'embedded', folder });
const cases = Array.from({ length: 100 }, (_, n) => aCase(`case ${n}`));
for (let n = 0; ; n += 1) {
  const run = { suite: 'crash', runId: `r${n}` };
  await store.openRun(anInput(run.suite, run.runId), n);
  await store.recordFiles(run, [aFile('a.test.ts', anAttempt(passed(n, cases)))]);
  process.stdout.write(`${run.runId}\n`);
}
