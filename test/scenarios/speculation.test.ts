import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { type Fleet, startFleet } from '../support/fleet.js';
import { processesIn } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { checkReport, fileOf } from '../support/result.js';
import { until } from '../support/until.js';

let project: Project;
let fleet: Fleet;
beforeAll(async () => {
  project = await aProject();
  fleet = await startFleet(project);
});
afterEach(() => fleet.dismissWorkers());
afterAll(async () => {
  await fleet?.stop();
  await project?.remove();
});

/** Takes so long, and on a slow worker so many times longer; says which worker had it. */
const takes = (seconds: number) =>
  `echo "$HOLDFAST_FILE $HOLDFAST_WORKER" >> diary; sleep $(awk "BEGIN { print ${seconds} * \${SLOWNESS:-1} }")`;
const several = (count: number, script: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${10 + index}.sh`, script]));

async function run(suite: string, runId: string, args: readonly string[] = []) {
  const words = ['run', '--suite', suite, '--run-id', runId, '--reporter', `json=${runId}.json`, ...args];
  const { exitCode, stdout, stderr } = await runCli(words, { cwd: project.root, env: fleet.env });
  if (exitCode !== 0) throw new Error(stdout + stderr);
  return checkReport(await project.read(`${runId}.json`));
}

test('a slow attempt near the end gets a second copy; the first result wins, the other is ended, and no try is counted', async () => {
  await project.addSuite('tail', several(6, takes(1)), { heartbeatTimeoutMs: 3_000 });
  const fast = await fleet.startWorker();
  await run('tail', 'learn');
  const slow = await fleet.startWorker(1, { SLOWNESS: '12' });
  const report = await run('tail', 'copied');

  const copied = report.files.filter(({ copies }) => copies.length > 0);
  expect(copied).toHaveLength(1);
  const [file] = copied;
  expect(file).toMatchObject({
    verdict: 'passed',
    attempts: [{ number: 1, speculative: true, worker: fast.name }],
    losses: [],
    copies: [{ isOriginal: true, worker: slow.name, outcome: null }],
  });
  expect(report.run.savedMs).toBeGreaterThan(1_000);
  expect(report.run.wastedMs).toBeGreaterThan(0);
  expect(report.run.makespanMs).toBeLessThan(11_000);
  expect((await processesIn(project.root)).filter(({ command }) => command.startsWith('sleep'))).toEqual([]);
});

test.each([
  ['V6: red', 'red', 'exit 1', 'failed'],
  ['V2: crashed', 'crashed', 'kill -KILL $$', 'crashed'],
])('%s with another copy still open waits for it, and a pass is a pass', async (_, suite, end, outcome) => {
  const learnt = 'sleep 1';
  const awaits = (file: string) => `while [ ! -e ${file} ]; do sleep 0.1; done`;
  const later = `if [ -n "$SLOWNESS" ]; then echo begun > original; ${awaits('copy')}; touch ended; ${end}; else touch copy; ${awaits('ended')}; sleep 3; fi`;
  await project.addSuite(suite, { 'a.sh': learnt }, { heartbeatTimeoutMs: 3_000 });
  const slow = await fleet.startWorker(1, { SLOWNESS: 'yes' });
  await run(suite, `${suite}-learn`);
  await project.addSuite(suite, { 'a.sh': later }, { heartbeatTimeoutMs: 3_000 });
  const running = run(suite, suite);
  await until('the slow worker has it', async () => (await project.lines(`${suite}/original`)).length === 1);
  await fleet.startWorker();
  const { verdict, attempts, copies } = fileOf(await running, 'a.sh');
  expect(verdict).toBe('passed');
  expect(attempts).toMatchObject([{ number: 1, outcome: 'passed', speculative: true }]);
  expect(copies).toMatchObject([{ isOriginal: true, worker: slow.name, outcome }]); // They disagree: kept as evidence.
});

test('what must not run twice has no copy', async () => {
  await project.addSuite('once', several(4, takes(1)), { rules: [{ files: '*.sh', overlap: false }] });
  await fleet.startWorker();
  await run('once', 'learn-once');
  await fleet.startWorker(1, { SLOWNESS: '4' });
  const report = await run('once', 'alone');
  expect(report.files.flatMap(({ copies }) => copies)).toEqual([]);
  expect((await project.lines('once/diary')).length).toBe(8);
});

test('a repeat of a red file prefers a worker that has not tried it; alone, the same one does', async () => {
  await project.addSuite('elsewhere', several(4, '[ "$HOLDFAST_ATTEMPT" -gt 1 ]'), { retries: 1 });
  await Promise.all([fleet.startWorker(), fleet.startWorker()]);
  const report = await run('elsewhere', 'two-workers');
  for (const { path, attempts } of report.files) {
    const [first, second] = attempts.map(({ worker }) => worker);
    expect({ path, isElsewhere: first !== second }).toEqual({ path, isElsewhere: true });
  }
  await fleet.dismissWorkers();
  const alone = await fleet.startWorker();
  const again = await run('elsewhere', 'one-worker');
  expect(fileOf(again, '10.sh').attempts.map(({ worker }) => worker)).toEqual([alone.name, alone.name]);
});
