// What Holdfast adds to each file: many files that do nothing.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { makeProject, memoryBelow, repeat, row, run, spread, timed, withStack } from './measure.mjs';

const noOps = (count) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tests/f${index}`, '']));
const suite = { framework: 'command', command: ['true'], include: ['tests/*'] };

export async function benchOverhead(times) {
  const project = await makeProject({ files: noOps(200), suite, slots: 2 });
  await withStack(project.folder, async () => {
    await run(project.folder); // From here on durations are known.
    const results = await repeat(times, async () => (await run(project.folder)).result);
    const added = results.map(({ run: { makespanMs }, files }) => {
      const workMs = files.reduce((sum, { attempts }) => sum + attempts[0].durationMs, 0);
      return (makespanMs - workMs / 2) / files.length;
    });
    row('added wall time per file beyond its process, 200 no-op files, 2 slots, ms', '<= 25', spread(added, 1));
    const perFile = results.map(({ run: { makespanMs } }) => makespanMs / 200);
    const bare = await repeat(
      times,
      async () => (await timed('sh', ['-c', 'ls tests | xargs -P 2 -n 1 true'], { cwd: project.folder })) / 200,
    );
    row('the same, whole wall time per file, ms (xargs -P 2 alone)', 'stated', `${spread(perFile, 1)} (${spread(bare, 1)})`);
  });
  await project.remove();
}

export async function benchLarge(times) {
  const project = await makeProject({ files: noOps(2_000), suite, slots: 2 });
  await withStack(project.folder, async () => {
    const runs = await repeat(times, () => run(project.folder));
    row(
      '2,000 no-op files, wall time of the command, s',
      '<= 60',
      spread(
        runs.map(({ wallMs }) => wallMs / 1_000),
        1,
      ),
    );
    row(
      'peak memory of the control worker, its PGlite store included, MB',
      '< 400',
      (await controlOf(project.folder)).peakMb.toFixed(0),
    );
    const connection = await Connection.connect({ address: (await stackOf(project.folder)).temporalAddress });
    const client = new Client({ connection });
    const id = `suite/bench/${runs[0].result.run.id}`;
    let events = 0;
    for (const workflowId of [id, ...[1, 2, 3, 4].map((batch) => `${id}/batch-${batch}`)]) {
      events += Number((await client.workflow.getHandle(workflowId).describe()).historyLength);
    }
    row('history events per file', 'stated', (events / 2_000).toFixed(1));
    const planned = runs.every(
      ({ result: { totals } }) => totals.passed === 2_000 && totals.lost === 0 && totals.countedTwice === 0,
    );
    row('each of them passed once in every run', 'yes', planned ? 'yes' : 'no');
    await connection.close();
  });
  const databaseUrl = process.env.HOLDFAST_BENCH_DATABASE_URL;
  if (databaseUrl) {
    await withStack(
      project.folder,
      async () => {
        await run(project.folder);
        row('the same with its store in PostgreSQL, MB', '< 400', (await controlOf(project.folder)).peakMb.toFixed(0));
      },
      { HOLDFAST_DATABASE_URL: databaseUrl },
    );
  }
  await project.remove();
}

/** The process of a stack that is the control worker. */
async function controlOf(folder) {
  const { pid } = await stackOf(folder);
  return (await memoryBelow(pid)).find(({ name }) => name === 'control+store');
}

const stackOf = async (folder) => JSON.parse(await readFile(path.join(folder, '.holdfast', 'stack.json'), 'utf8'));
