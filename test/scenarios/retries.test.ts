import { expect, test } from 'vitest';
import { aRunningProject } from '../support/cluster.js';
import { areShort } from '../support/durations.js';
import { fileOf, runSuite, verdictsOf } from '../support/result.js';

const project = await aRunningProject({ slots: 1 });

/** Writes down each start, and is red until it has been run so often. */
const redUntil = (times: number, says = 'broken') =>
  `echo "$HOLDFAST_FILE $HOLDFAST_ATTEMPT" >> diary; [ "$HOLDFAST_ATTEMPT" -gt ${times} ] || { echo "${says}"; exit 1; }`;
const startsOf = (suite: string) => project.lines(`${suite}/diary`);

test('a red file is repeated at once, ahead of untouched files', async () => {
  await project.addSuite('now', { 'a.sh': redUntil(1), 'b.sh': redUntil(0), 'c.sh': redUntil(0) }, { retries: 1, order: 'path' });
  const { exitCode, report } = await runSuite(project, 'now');
  expect(exitCode).toBe(0);
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'flaky', 'b.sh': 'passed', 'c.sh': 'passed' });
  const starts = await startsOf('now');
  expect(starts.indexOf('a.sh 2')).toBeLessThan(starts.indexOf('c.sh 1'));
});

test('with retryWhen end it is repeated when every other file has had its turn', async () => {
  const suite = { retries: 2, order: 'path', retryWhen: 'end' };
  await project.addSuite('end', { 'a.sh': redUntil(2), 'b.sh': redUntil(0), 'c.sh': redUntil(0), 'd.sh': redUntil(0) }, suite);
  await areShort(project, 'end', ['a.sh', 'b.sh', 'c.sh', 'd.sh']);
  const { exitCode, report } = await runSuite(project, 'end');
  expect(exitCode).toBe(0);
  expect(fileOf(report, 'a.sh').attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'passed']);
  const starts = await startsOf('end');
  expect(starts.slice(0, 4).sort()).toEqual(['a.sh 1', 'b.sh 1', 'c.sh 1', 'd.sh 1']); // A task queue keeps no order among them.
  expect(starts.slice(4)).toEqual(['a.sh 2', 'a.sh 3']);
});

test('with retryWhen end it comes after files that wait in the queue, too', async () => {
  const scripts = {
    'a.sh': `sleep 1; ${redUntil(1)}`,
    'b.sh': redUntil(0),
    'c.sh': redUntil(0),
    'd.sh': redUntil(0),
    'e.sh': redUntil(0),
  };
  await project.addSuite('queued', scripts, { retries: 1, order: 'path', retryWhen: 'end' });
  await areShort(project, 'queued', Object.keys(scripts));
  await runSuite(project, 'queued');
  const starts = await startsOf('queued');
  expect(starts).toHaveLength(6);
  expect(starts.at(-1)).toBe('a.sh 2'); // A task queue keeps no order among the others.
});

test('a rule gives some files more repeats, and the suite has a budget for all of them together', async () => {
  const scripts = { 'a.sh': redUntil(1), 'b.sh': redUntil(2), 'c.sh': redUntil(1), 'd.sh': redUntil(1) };
  const rules = [{ files: 'b.sh', retries: 2 }];
  await project.addSuite('budget', scripts, { retries: 1, order: 'path', rules, maxRetriesTotal: 3, maxInFlight: 1 });
  const { exitCode, report } = await runSuite(project, 'budget');
  expect(exitCode).toBe(1);
  expect(verdictsOf(report)).toEqual({ 'a.sh': 'flaky', 'b.sh': 'flaky', 'c.sh': 'failed', 'd.sh': 'failed' });
  expect(fileOf(report, 'd.sh').reason).toBe('RetriesUsedUp: the run has used up its 3 retries');
});

test('only what says something like the patterns is repeated, and what names the infrastructure is a loss', async () => {
  const scripts = {
    'final.sh': redUntil(1, 'expected 1 to be 2'),
    'network.sh': redUntil(1, 'connection timeout'),
    'machine.sh': 'if [ -e tried ]; then exit 0; fi; touch tried; echo "no space left on device"; exit 1',
  };
  await project.addSuite('patterns', scripts, { retries: 1, retryOn: ['timeout'], infraErrors: ['no space left'] });
  const { exitCode, report } = await runSuite(project, 'patterns');
  expect(exitCode).toBe(1);
  expect(verdictsOf(report)).toEqual({ 'final.sh': 'failed', 'network.sh': 'flaky', 'machine.sh': 'passed' });
  expect(fileOf(report, 'final.sh').attempts).toHaveLength(1);
  expect(fileOf(report, 'machine.sh')).toMatchObject({ attempts: [{ number: 1 }], losses: [{ cause: 'infrastructure' }] });
});

test('a pause comes before a repeat, and others run meanwhile', async () => {
  const scripts = { 'a.sh': redUntil(1), 'b.sh': redUntil(0), 'c.sh': redUntil(0) };
  await project.addSuite('pause', scripts, { retries: 1, order: 'path', retryDelayMs: 1_500 });
  const { report } = await runSuite(project, 'pause');
  const [first, second] = fileOf(report, 'a.sh').attempts;
  const pauseMs = Date.parse(second?.startedAt ?? '') - Date.parse(first?.startedAt ?? '') - (first?.durationMs ?? 0);
  expect(pauseMs).toBeGreaterThanOrEqual(1_200);
  expect(await startsOf('pause')).toEqual(['a.sh 1', 'b.sh 1', 'c.sh 1', 'a.sh 2']);
});
