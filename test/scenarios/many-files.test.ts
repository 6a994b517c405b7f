import { expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/defaults.js';
import { startCli } from '../support/cli.js';
import { aRunningProject, withClient } from '../support/cluster.js';
import { importDurations } from '../support/durations.js';
import { checkReport, runSuite } from '../support/result.js';
import { until } from '../support/until.js';

const COUNT = 600;
const PATHS = Array.from({ length: COUNT }, (_, index) => `f${String(index).padStart(3, '0')}.sh`);
const SLOTS = 4;
/** 600 processes one after the other, on a machine that may be busy with others. */
const PATIENCE_MS = 180_000;

const project = await aRunningProject({ slots: SLOTS });

/** How many files each batch of a run was given, from the workflows that drove them. */
function batchesOf(suite: string, runId: string): Promise<number[]> {
  return withClient(project, async (client) => {
    const sizes: number[] = [];
    const { events } = await client.workflow.getHandle(`suite/${suite}/${runId}`).fetchHistory();
    for (const event of events ?? []) {
      const batch = event.childWorkflowExecutionCompletedEventAttributes;
      const [payload] = batch?.result?.payloads ?? [];
      if (payload?.data) sizes.push(JSON.parse(Buffer.from(payload.data).toString('utf8')).totals.planned);
    }
    return sizes.sort((a, b) => b - a);
  });
}

test(
  'a suite beyond one batch gives each file one verdict, and batches share what a run may use up: its repeats, its copies, and its end',
  async () => {
    const red = [1, 2, 3, 4, 550, 551].map((index) => PATHS[index] ?? '');
    const slow = [PATHS[DEFAULTS.batchSize - 1], PATHS[COUNT - 1]].map((path = '') => path);
    const scripts = PATHS.map((path) => {
      const tried = 'echo "$HOLDFAST_FILE $HOLDFAST_ATTEMPT" >> diary';
      if (red.includes(path)) return [path, `${tried}; [ "$HOLDFAST_ATTEMPT" -gt 1 ]`];
      return [path, slow.includes(path) ? `${tried}; if mkdir "$HOLDFAST_FILE.first"; then sleep 20; fi` : tried];
    });
    const suite = {
      order: 'path',
      retries: 1,
      retryWhen: 'end',
      maxRetriesTotal: 4,
      speculation: true,
    };
    await project.addSuite('many', Object.fromEntries(scripts), suite);
    await importDurations(project, 'many', Object.fromEntries(slow.map((path) => [path, 1_000])));

    const { exitCode, stdout, report } = await runSuite(project, 'many');
    expect({ exitCode, status: report.run.status }).toEqual({ exitCode: 1, status: 'failed' });
    const [repeated, left] = [red.slice(0, 4), red.slice(4)];
    const flaky = report.files.filter(({ verdict }) => verdict === 'flaky').map(({ path }) => path);
    const failed = report.files.filter(({ verdict }) => verdict === 'failed').map(({ path, reason }) => ({ path, reason }));
    const reason = 'RetriesUsedUp: the run has used up its 4 retries';
    expect({ flaky: flaky.sort(), failed }).toEqual({ flaky: repeated, failed: left.map((path) => ({ path, reason })) });
    const copied = report.files.filter(({ copies }) => copies.length > 0).map(({ path }) => path);
    expect(copied).toHaveLength(1);
    expect(slow).toContain(copied[0]);

    const verdicts = { planned: COUNT, passed: COUNT - red.length, flaky: repeated.length, failed: left.length };
    expect(report.totals).toMatchObject({ ...verdicts, lost: 0, countedTwice: 0 });
    expect(stdout).toContain(
      `planned ${COUNT} = passed ${verdicts.passed} + flaky ${verdicts.flaky} + failed ${verdicts.failed}`,
    );
    expect(report.files.map(({ path }) => path).sort()).toEqual(PATHS);
    for (const { path, attempts, losses } of report.files) {
      expect({ path, attempts: attempts.length, losses }).toEqual({
        path,
        attempts: repeated.includes(path) ? 2 : 1,
        losses: [],
      });
    }
    expect(await batchesOf('many', report.run.id)).toEqual([DEFAULTS.batchSize, COUNT - DEFAULTS.batchSize]);

    const tried = await project.lines('many/diary');
    const [firsts, repeats] = [tried.filter((line) => line.endsWith(' 1')), tried.filter((line) => line.endsWith(' 2'))];
    expect([...firsts].sort()).toEqual([...PATHS, ...copied].map((path) => `${path} 1`).sort()); // Each ran, and once.
    expect([...repeats].sort()).toEqual(repeated.map((path) => `${path} 2`));
    const firstRepeat = tried.findIndex((line) => line.endsWith(' 2'));
    expect(new Set(tried.slice(0, firstRepeat)).size).toBeGreaterThanOrEqual(COUNT - SLOTS); // Those in flight had their turn too.
  },
  PATIENCE_MS,
);

test('a batch that is terminated by hand ends the run, which says so', async () => {
  const patient = 'echo "$HOLDFAST_FILE" >> waiting; sleep 600';
  await project.addSuite('torn', Object.fromEntries(PATHS.map((path) => [path, patient])));
  const run = runSuite(project, 'torn', ['--run-id', 'torn1']);
  await until('every slot holds a file that does not end', async () => (await project.lines('torn/waiting')).length === SLOTS);
  await withClient(project, (client) => client.workflow.getHandle('suite/torn/torn1/batch-1').terminate('by hand'));
  const { report, stdout } = await run;
  expect({ exitCode: report.run.exitCode, status: report.run.status, stdout }).toEqual({
    exitCode: 3,
    status: 'incomplete',
    stdout,
  });
  expect(stdout).toContain('batch 1 failed');
});

test('Ctrl-C in the middle: every file of every batch stands in the report, run or not run', async () => {
  const ending = 60;
  const patient = 'echo "$HOLDFAST_FILE" >> waiting; sleep 600';
  await project.addSuite(
    'cut',
    Object.fromEntries(PATHS.map((path, index) => [path, index < ending ? 'echo "$HOLDFAST_FILE" >> diary' : patient])),
  );
  const run = startCli(['run', '--suite', 'cut', '--order', 'path', '--reporter', 'json=cut.json'], { cwd: project.root });
  await until('every slot holds a file that does not end', async () => (await project.lines('cut/waiting')).length === SLOTS);
  run.kill('SIGINT');
  expect((await run).exitCode).toBe(130);

  const { run: ended, totals, files } = await checkReport(await project.read('cut.json'));
  const ran = await project.lines('cut/diary');
  expect(ended).toMatchObject({ status: 'cancelled', exitCode: 130 });
  expect(files.map(({ path }) => path).sort()).toEqual(PATHS);
  expect(totals).toMatchObject({ planned: COUNT, passed: ran.length, notRun: COUNT - ran.length, failed: 0 });
  expect(
    files
      .filter(({ verdict }) => verdict === 'passed')
      .map(({ path }) => path)
      .sort(),
  ).toEqual(ran.sort());
  expect(ran.length).toBeGreaterThan(0);
  expect(await project.lines('cut/waiting')).toHaveLength(SLOTS); // Nothing began after the word to end.
});
