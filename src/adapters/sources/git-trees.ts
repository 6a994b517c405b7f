import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { RunnerError } from '../../core/errors.js';
import type { Source } from '../../core/model/suite.js';

type Tree = { readonly root: string; readonly commit: string };

/**
 * Checks out commits of remotes, each as a shallow clone in its own folder, which is complete or absent; tests that call git find
 * a repository. The clones share nothing, so a lock left by a killed worker cannot block another one. Concurrent attempts on the
 * same tree share one checkout.
 */
export function createGitTrees(folder: string) {
  const trees = new Map<string, Promise<Tree>>();
  return async ({ remote, revision }: Extract<Source, { kind: 'git' }>, commit: string | null): Promise<Tree> => {
    const wanted = commit ?? (await resolve(remote, revision));
    const key = `${remote}\0${wanted}`;
    const tree = trees.get(key) ?? checkOut(folder, remote, wanted);
    trees.set(key, tree);
    tree.catch(() => trees.delete(key)); // Lets the next attempt retry.
    return tree;
  };
}

/**
 * Resolves a revision to the remote's current commit. A branch wins over a tag of the same name; a full commit id is returned as it is.
 * Queries full ref names, because `main` alone would also match `feature/main`.
 */
async function resolve(remote: string, revision: string): Promise<string> {
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision)) return revision;
  const tag = `refs/tags/${revision}`;
  const names = [`refs/heads/${revision}`, `${tag}^{}`, tag, revision]; // ^{}: the commit that an annotated tag points to.
  const listing = await git(['ls-remote', '--', remote, ...names], `The refs of ${remote} could not be read`);
  const commits = new Map(
    listing
      .split('\n')
      .map((line) => line.split('\t').reverse())
      .map(([name, id]) => [name, id]),
  );
  const commit = names.map((name) => commits.get(name)).find((id) => id !== undefined);
  if (commit !== undefined) return commit;
  throw new RunnerError('REVISION_UNKNOWN', `${withoutCredentials(remote)} has no branch or tag ${JSON.stringify(revision)}.`);
}

async function checkOut(folder: string, remote: string, commit: string): Promise<Tree> {
  const name = createHash('sha256').update(remote).digest('hex').slice(0, 16);
  const root = path.join(folder, `${name}-${commit}`);
  if ((await isThere(root)) && (await isWhole(root, commit))) return { root, commit };
  await mkdir(folder, { recursive: true });
  const partial = await mkdtemp(`${root}-`);
  // Not -C: a remote given as a relative path is relative to this worker's working directory.
  const inPartial = inside(partial);
  try {
    await git(['init', '--quiet', partial], 'A repository could not be created');
    await git([...inPartial, 'fetch', '--quiet', '--depth=1', '--', remote, commit], `${commit} could not be fetched`);
    await git([...inPartial, 'checkout', '--quiet', '--detach', commit], `${commit} could not be checked out`);
    await rename(partial, root);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!(await isThere(root))) throw error; // Another worker was faster; its tree is the same.
  }
  return { root, commit };
}

/** Not -C: if a tree has lost its `.git`, git would use the repository around it. */
function inside(root: string): string[] {
  return [`--git-dir=${path.join(root, '.git')}`, `--work-tree=${root}`];
}

/**
 * Checks that an existing tree still matches its commit: a power cut or a full disk may have truncated files, and tests may have
 * changed some. Repairs it by a reset; a tree that cannot be repaired is removed, to be fetched again.
 */
async function isWhole(root: string, commit: string): Promise<boolean> {
  const check = [...inside(root), 'diff', '--quiet', '--no-ext-diff', commit, '--']; // Takes no lock: another worker may be using the tree.
  if (await succeeds(check)) return true;
  if ((await succeeds([...inside(root), 'reset', '--hard', '--quiet', commit])) && (await succeeds(check))) return true;
  const aside = `${root}.broken-${process.pid}`;
  await rename(root, aside).catch(() => undefined); // Another worker was faster.
  await rm(aside, { recursive: true, force: true });
  return false;
}

async function succeeds(args: readonly string[]): Promise<boolean> {
  return (await runGit(args)).exitCode === 0;
}

async function isThere(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => null)) !== null;
}

/** Runs git without a password prompt, as nobody could answer it, and without the GIT_* variables that a surrounding git hook sets. */
function runGit(args: readonly string[]) {
  return execa('git', args, {
    reject: false,
    stdin: 'ignore',
    env: { GIT_TERMINAL_PROMPT: '0', GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined },
  });
}

async function git(args: readonly string[], failure: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runGit(args);
  if (exitCode === 0) return stdout;
  const reason = stderr === '' ? 'git could not be started' : stderr.trim();
  throw new RunnerError('SOURCE_FAILED', withoutCredentials(`${failure}: ${reason}.`));
}

function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^/@\s]+@/g, '//');
}
