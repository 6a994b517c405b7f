import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGitTrees } from '../../src/adapters/sources/git-trees.js';
import { aRemote, type Remote } from '../support/remote.js';

let folder: string;
let trees: string;
let remote: Remote;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'holdfast-trees-')));
  trees = path.join(folder, 'trees');
  remote = await aRemote(path.join(folder, 'remote'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const source = (revision: string, at = remote.root) => ({ kind: 'git', remote: at, revision }) as const;
const textIn = (root: string) => readFile(path.join(root, 'text'), 'utf8');

describe('a revision is resolved to a commit', () => {
  test('a branch, where it is now; what a worker has is not lost when it moves', async () => {
    const first = await remote.commit({ text: 'first' });
    const fetchTree = createGitTrees(trees);
    const before = await fetchTree(source('main'), null);
    const second = await remote.commit({ text: 'second' });
    const after = await fetchTree(source('main'), null);
    expect([before.commit, after.commit]).toEqual([first, second]);
    expect([await textIn(before.root), await textIn(after.root)]).toEqual(['first', 'second']);
  });

  test('a branch whose name ends another’s', async () => {
    const main = await remote.commit({ text: 'main' });
    await remote.git('checkout', '--quiet', '-b', 'a/main');
    await remote.commit({ text: 'other' });
    expect((await createGitTrees(trees)(source('main'), null)).commit).toBe(main);
  });

  test('a tag, annotated or not; a branch of the same name goes first', async () => {
    const tagged = await remote.commit({ text: 'tagged' });
    await remote.git('tag', 'light');
    await remote.git('tag', '--annotate', '--message=one', 'heavy');
    await remote.git('tag', 'main');
    const tip = await remote.commit({ text: 'tip' });
    const fetchTree = createGitTrees(trees);
    const commits = await Promise.all(['light', 'heavy', 'main'].map((revision) => fetchTree(source(revision), null)));
    expect(commits.map(({ commit }) => commit)).toEqual([tagged, tagged, tip]);
  });

  test('a commit stands for itself, whatever a branch says', async () => {
    const first = await remote.commit({ text: 'first' });
    await remote.commit({ text: 'second' });
    expect(await textIn((await createGitTrees(trees)(source(first), null)).root)).toBe('first');
  });
});

test('the commit that discovery found is used, not where the branch is by now', async () => {
  const first = await remote.commit({ text: 'first' });
  await remote.commit({ text: 'second' });
  const { root, commit } = await createGitTrees(trees)(source('main'), first);
  expect([commit, await textIn(root)]).toEqual([first, 'first']);
});

test('a tree is a repository at its commit, and clean', async () => {
  const commit = await remote.commit({ text: 'first', 'a folder/[odd] "name"': 'x' });
  const { root } = await createGitTrees(trees)(source('main'), null);
  const { stdout } = await execa('git', ['rev-parse', 'HEAD'], { cwd: root });
  expect(stdout).toBe(commit);
  expect((await execa('git', ['status', '--porcelain'], { cwd: root })).stdout).toBe('');
  expect(await readFile(path.join(root, 'a folder/[odd] "name"'), 'utf8')).toBe('x');
});

test('many who want several commits at once each get theirs, and leave nothing half done', async () => {
  const commits = [await remote.commit({ text: '0' }), await remote.commit({ text: '1' }), await remote.commit({ text: '2' })];
  const workers = Array.from({ length: 4 }, () => createGitTrees(trees)); // Four workers of one folder.
  const texts = await Promise.all(
    workers.flatMap((fetchTree) => commits.map(async (commit) => textIn((await fetchTree(source('main'), commit)).root))),
  );
  expect(texts).toEqual(workers.flatMap(() => ['0', '1', '2']));
  expect(await readdir(trees)).toHaveLength(3);
});

describe('what cannot be had is told in a sentence', () => {
  test('a branch that is not there; it is found once it is', async () => {
    await remote.commit({ text: 'first' });
    const fetchTree = createGitTrees(trees);
    await expect(fetchTree(source('later'), null)).rejects.toMatchObject({
      code: 'REVISION_UNKNOWN',
      message: expect.stringContaining('no branch or tag "later"'),
    });
    await remote.git('branch', 'later');
    expect(await textIn((await fetchTree(source('later'), null)).root)).toBe('first');
  });

  test('a commit that is not there leaves no folder behind', async () => {
    await remote.commit({ text: 'first' });
    const nowhere = '0123456789'.repeat(4);
    await expect(createGitTrees(trees)(source(nowhere), null)).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining(nowhere),
    });
    expect(await readdir(trees)).toEqual([]);
  });

  test('a remote that is none, without the password in its address', async () => {
    const at = `file://somebody:sesame@/${folder}/none`;
    const failure = createGitTrees(trees)(source('main', at), null);
    await expect(failure).rejects.toMatchObject({ code: 'SOURCE_FAILED', message: expect.not.stringContaining('sesame') });
  });

  test('a revision that looks like an option is a name like any other', async () => {
    await remote.commit({ text: 'first' });
    const failure = createGitTrees(trees)(source('--upload-pack=false'), null);
    await expect(failure).rejects.toMatchObject({
      code: 'REVISION_UNKNOWN',
      message: expect.stringContaining('no branch or tag'),
    });
  });
});

/** Runs a script that imports our sources, in a process with an environment of its own. */
const JITI = fileURLToPath(import.meta.resolve('jiti/package.json').replace('package.json', 'lib/jiti-cli.mjs'));

test('a repository that is told by the environment, as in a git hook, is left alone', async () => {
  const commit = await remote.commit({ text: 'first' });
  const script = path.join(folder, 'hook.mjs');
  const module = fileURLToPath(new URL('../../src/adapters/sources/git-trees.ts', import.meta.url));
  await writeFile(
    script,
    `import { createGitTrees } from ${JSON.stringify(module)};
     const source = { kind: 'git', remote: ${JSON.stringify(remote.root)}, revision: 'main' };
     console.log((await createGitTrees(${JSON.stringify(trees)})(source, null)).commit);`,
  );
  const env = { GIT_DIR: path.join(folder, 'nowhere'), GIT_INDEX_FILE: path.join(folder, 'nowhere/index') };
  const { stdout } = await execa(process.execPath, [JITI, script], { env });
  expect(stdout).toBe(commit);
});
