import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli, startCli } from '../support/cli.js';
import { powerCut, untilEmpty } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { until } from '../support/until.js';

let project: Project;
beforeEach(async () => {
  project = await aProject();
  await project.addSuite('unit', { 'a.sh': 'true' });
});
afterEach(async () => {
  await powerCut(project.root);
  await project.remove();
});

const holdfast = (...words: readonly string[]) => runCli(words, { cwd: project.root });
const state = (...names: readonly string[]) => path.join(project.root, '.holdfast', ...names);

test.each([
  {
    part: 'server',
    damage: () => writeFile(state('temporal.db'), 'This is no database. '.repeat(500)),
    says: /temporal\.db, is damaged: file is not a database\. Runs that have not ended, and schedules, are lost/,
    keeps: 'temporal.db',
  },
  {
    part: 'results',
    damage: () => rm(state('results/data/base'), { recursive: true }),
    says: /results are damaged: PostgreSQL cannot open them\. Finished runs, durations and history are lost/,
    keeps: 'results',
  },
])('damage of the $part is told with what is lost, and with the command that goes on', async ({ part, damage, says, keeps }) => {
  expect(await holdfast('run')).toMatchObject({ exitCode: 0 });
  await damage();
  const { exitCode, stderr } = await holdfast('run');
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringMatching(says) });
  expect(stderr).toMatch(new RegExp(`\`holdfast reset ${part}\` .*\\[STATE_DAMAGED\\]\n$`));
  expect(stderr.match(/\[\w+\]/g)).toHaveLength(1);

  const reset = await holdfast('reset', part);
  expect(reset).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('The next command starts anew. A copy is kept in '),
  });
  const [aside = ''] = await readdir(state('aside'));
  expect(await readdir(state('aside', aside))).toContain(keeps);
  expect(await holdfast('run')).toMatchObject({ exitCode: 0 });
});

test('what is used is not reset, and what is not there need not be', async () => {
  expect(await holdfast('reset')).toMatchObject({ exitCode: 0, stdout: 'There is nothing to reset.\n' });
  await project.addSuite('unit', { 'a.sh': 'touch here; while [ ! -e gate ]; do sleep 0.05; done' });
  const run = startCli(['run'], { cwd: project.root });
  await until('the file runs', async () => (await project.read('unit/here').catch(() => null)) !== null);
  expect(await holdfast('reset')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('[STACK_BUSY]') });
  await project.write({ 'unit/gate': '' });
  expect(await run).toMatchObject({ exitCode: 0 });
});

test('a run whose folder is removed ends and says why, and so does its stack', async () => {
  await project.addSuite('unit', { 'a.sh': 'touch here; sleep 600' });
  const run = startCli(['run'], { cwd: project.root });
  await until('the file runs', async () => (await project.read('unit/here').catch(() => null)) !== null);
  await rm(state(), { recursive: true, maxRetries: 5 });
  const { exitCode, stderr } = await run;
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: expect.stringMatching(/\.holdfast was removed, and with it /) });
  await untilEmpty(project.root);
  await project.addSuite('unit', { 'a.sh': 'true' });
  expect(await holdfast('run')).toMatchObject({ exitCode: 0, stderr: '' });
});
