import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSources } from '../../src/adapters/sources/checkout.js';
import { aRemote } from '../support/remote.js';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'holdfast-checkout-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const checkout = { source: { kind: 'checkout' }, commit: null, cwd: '.' } as const;
const sourcesOf = (root: string) => createSources({ root, treesFolder: path.join(folder, 'trees') });

test('a worker that stays names the commit of its folder as each run starts, and for its files the one of their run', async () => {
  const root = path.join(folder, 'code');
  const code = await aRemote(root);
  const sources = sourcesOf(root);
  const first = await code.commit({ 'tests/a.sh': 'true' });
  expect(await sources.locate({ ...checkout, cwd: 'tests' })).toEqual({ cwd: path.join(root, 'tests'), commit: first });
  const second = await code.commit({ 'tests/a.sh': 'false' });
  expect(await sources.locate(checkout)).toEqual({ cwd: root, commit: second });
  expect(await sources.locate({ ...checkout, commit: first })).toEqual({ cwd: root, commit: first });
});

test('a folder that is no repository has no commit', async () => {
  const sources = sourcesOf(folder);
  for (const _ of [1, 2]) expect(await sources.locate(checkout)).toEqual({ cwd: folder, commit: null });
});

test('a suite folder that is not in a remote’s code is named', async () => {
  const remote = await aRemote(path.join(folder, 'remote'));
  await remote.commit({ 'tests/a.sh': 'true' });
  const source = { kind: 'git', remote: remote.root, revision: 'main' } as const;
  const sources = sourcesOf(folder);
  expect((await sources.locate({ source, commit: null, cwd: 'tests' })).cwd).toMatch(/trees\/[^/]+\/tests$/);
  await expect(sources.locate({ source, commit: null, cwd: 'specs' })).rejects.toMatchObject({
    code: 'SOURCE_FAILED',
    message: expect.stringContaining('specs'),
  });
});
