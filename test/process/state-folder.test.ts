import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { makeStateFolder } from '../../src/adapters/state-folder.js';

test('git never shows what Holdfast keeps in a project', async () => {
  const project = await mkdtemp(path.join(tmpdir(), 'holdfast-state-'));
  onTestFinished(() => rm(project, { recursive: true, force: true }));
  await execa('git', ['init', '--quiet'], { cwd: project });
  const folder = path.join(project, '.holdfast');
  await makeStateFolder(folder);
  await makeStateFolder(folder); // As each command does.
  await writeFile(path.join(folder, 'stack.log'), 'up');
  const { stdout } = await execa('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: project });
  expect(stdout).toBe('');
});
