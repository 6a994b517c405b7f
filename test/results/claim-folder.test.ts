import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { claimFolder } from '../../src/adapters/results/claim-folder.js';
import { until } from '../support/until.js';

const PROGRAM = fileURLToPath(new URL('claim-for-ever.ts', import.meta.url));
const PROCESSES = 8;
/** Owners that give the folder back before one is killed. */
const RELEASES = 10;

test('a folder has one owner at any time, whether owners give it back or are killed, and nothing is left in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-claim-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const owners = new Set<ChildProcess>();
  const mostAtOnce: number[] = [];
  const claimants = Array.from({ length: PROCESSES }, () => {
    const child = fork(PROGRAM, [folder], { execArgv: ['--import', 'jiti/register'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.on('message', () => {
      owners.add(child);
      mostAtOnce.push(owners.size);
    });
    return child;
  });
  const theOwner = () => until('a process owns the folder', () => [...owners][0]);

  for (let alive = PROCESSES; alive > 0; alive -= 1) {
    for (let n = 0; n < RELEASES; n += 1) {
      const owner = await theOwner();
      owners.delete(owner); // From here on, another may claim.
      owner.send('release');
    }
    const owner = await theOwner();
    const entries = await readdir(folder, { withFileTypes: true });
    expect(entries.filter((entry) => entry.isSymbolicLink())).toEqual([]); // A link to nothing makes walks stumble.
    owners.delete(owner);
    owner.kill('SIGKILL');
  }

  expect(mostAtOnce).toEqual(Array.from({ length: PROCESSES * (RELEASES + 1) }, () => 1));
  await (await claimFolder(folder))();
  expect(await readdir(folder)).toEqual([]);
  expect(claimants.every(({ killed }) => killed)).toBe(true);
});
