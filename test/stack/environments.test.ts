import { chmod, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { environmentsFrom, giveEnvironment, keepEnvironments } from '../../src/stack/environments.js';

async function kept(): Promise<string> {
  const environments = await keepEnvironments();
  onTestFinished(() => environments.close());
  return environments.socketPath;
}

test('a run has the environment that is given for it first; one for which none was given has another', async () => {
  const socketPath = await kept();
  const environmentOf = environmentsFrom(socketPath, { WHOSE: 'the worker' });
  expect(await environmentOf('suite/a/1')).toEqual({ WHOSE: 'the worker' });
  await Promise.all([
    giveEnvironment(socketPath, 'suite/a/1', { WHOSE: 'größer\n"1"' }),
    giveEnvironment(socketPath, 'suite/a/2', { WHOSE: '2', LONG: 'x'.repeat(1_000_000) }),
  ]);
  await giveEnvironment(socketPath, 'suite/a/1', { WHOSE: 'too late' });
  expect(await environmentOf('suite/a/1')).toEqual({ WHOSE: 'größer\n"1"' });
  expect(await environmentOf('suite/a/2')).toMatchObject({ WHOSE: '2' });
});

test('only this user can reach the socket, and nobody trusts one that others can', async () => {
  const socketPath = await kept();
  const folder = path.dirname(socketPath);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await chmod(folder, 0o755);
  await expect(giveEnvironment(socketPath, 'suite/a/1', { SECRET: 's' })).rejects.toMatchObject({ code: 'STACK_FAILED' });
});

test('a stack that is gone is an error, and its folder too', async () => {
  const { socketPath, close } = await keepEnvironments();
  await close();
  await expect(stat(path.dirname(socketPath))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(environmentsFrom(socketPath, {})('suite/a/1')).rejects.toMatchObject({ code: 'STACK_FAILED' });
});
