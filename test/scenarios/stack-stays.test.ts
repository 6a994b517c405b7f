import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { powerCut, untilEmpty } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { startOnTerminal, textOf } from '../support/terminal.js';

const SUITE = { 'says.sh': 'echo "$MX" >>said; test "$MX" != bad' };

async function aStayingProject(): Promise<Project> {
  const project = await aProject();
  onTestFinished(async () => {
    await powerCut(project.root);
    await project.remove();
  });
  await project.addSuite('unit', SUITE);
  return project;
}

/** Runs a command on a terminal. */
async function typed(project: Project, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout } = await startOnTerminal(words, { cwd: project.root, env: { HOLDFAST_IDLE: '10m', ...env } });
  return { exitCode, said: textOf(stdout) };
}

const recordOf = async (project: Project) => JSON.parse(await project.read('.holdfast/stack.json'));

test('after a command on a terminal the stack stays for the next, until settings differ or `stop` ends it', async () => {
  const project = await aStayingProject();
  const first = await typed(project, ['run'], { MX: 'good' });
  expect(first.exitCode).toBe(0);
  expect(first.said).toMatch(/The embedded stack stays up for the next command, for 10 min 00 s; `holdfast stop` ends it\./);
  const { pid } = await recordOf(project);

  const second = await typed(project, ['run'], { MX: 'bad' }); // Its own environment.
  expect(second.exitCode).toBe(1);
  await project.write({ 'unit/says.sh': 'echo changed >>said\n' }); // Its own files.
  const piped = await runCli(['run'], { cwd: project.root, env: { MX: 'bad' } });
  expect(piped).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await project.lines('unit/said')).toEqual(['good', 'bad', 'changed']);
  expect((await recordOf(project)).pid).toBe(pid); // The end of a command in a pipe does not end what stays.

  const oneSlot = await typed(project, ['run', '-j', '1']);
  expect(oneSlot.exitCode).toBe(0);
  const replaced = await recordOf(project);
  expect(replaced.slots).toBe(1);
  expect(replaced.pid).not.toBe(pid);
  await typed(project, ['list']); // Runs nothing: slots do not matter to it.
  expect((await recordOf(project)).pid).toBe(replaced.pid);

  expect(await runCli(['stop'], { cwd: project.root })).toMatchObject({ exitCode: 0, stdout: 'The stack has ended.\n' });
  await untilEmpty(project.root);
  expect(await runCli(['stop'], { cwd: project.root })).toMatchObject({ stdout: 'No stack of this project is up.\n' });
});

test('a stack that stays ends by itself: when it is idle, and when its folder is gone', async () => {
  const project = await aStayingProject();
  await typed(project, ['list'], { HOLDFAST_IDLE: '300ms' });
  await untilEmpty(project.root);

  await typed(project, ['list']);
  await rm(path.join(project.root, '.holdfast'), { recursive: true });
  await untilEmpty(project.root);
});
