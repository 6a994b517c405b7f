import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { RunnerError } from '../../core/errors.js';
import type { Source } from '../../core/model/suite.js';

type Tree = { readonly root: string; readonly commit: string };

/**
 * Checks out commits of remotes, each into a folder of its own that is complete or absent: a shallow clone, so that tests which ask git find
 * a repository. Nothing is shared between two of them, so no lock that a killed worker left behind can be in the way of the next.
 * Attempts that want the same tree at once share one checkout.
 */
export function createGitTrees(folder: string) {
  const trees = new Map<string, Promise<Tree>>();
  return async ({ remote, revision }: Extract<Source, { kind: 'git' }>, commit: string | null): Promise<Tree> => {
    const wanted = commit ?? (await resolve(remote, revision));
    const key = `${remote}\0${wanted}`;
    const tree = trees.get(key) ?? checkOut(folder, remote, wanted);
    trees.set(key, tree);
    tree.catch(() => trees.delete(key)); // The next attempt tries again.
    return tree;
  };
}

/**
 * A branch or tag as the remote has it now, a branch where both have the name; a full commit id stands for itself. The whole name is asked
 * for: `main` alone would find `feature/main` too.
 */
async function resolve(remote: string, revision: string): Promise<string> {
  if (/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(revision)) return revision;
  const tag = `refs/tags/${revision}`;
  const names = [`refs/heads/${revision}`, `${tag}^{}`, tag, revision]; // ^{}: the commit an annotated tag points to.
  const listing = await git(['ls-remote', '--', remote, ...names], `The branches of ${remote} could not be read`);
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
  // Not -C: a remote that is a relative path is meant from the folder this worker was started in.
  const inPartial = inside(partial);
  try {
    await git(['init', '--quiet', partial], 'A repository could not be made');
    await git([...inPartial, 'fetch', '--quiet', '--depth=1', '--', remote, commit], `${commit} could not be fetched`);
    await git([...inPartial, 'checkout', '--quiet', '--detach', commit], `${commit} could not be checked out`);
    await rename(partial, root);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!(await isThere(root))) throw error; // Another worker was first: its tree is the same.
  }
  return { root, commit };
}

/** Never just -C: where a tree has lost its `.git`, git would take the repository around it. */
function inside(root: string): string[] {
  return [`--git-dir=${path.join(root, '.git')}`, `--work-tree=${root}`];
}

/**
 * Is a tree that was there when this worker came what was fetched? A power cut or a full disk may have cut files short, and tests may have
 * changed some. What differs is written again from its own objects; a tree that cannot do that is put aside, to be fetched again.
 */
async function isWhole(root: string, commit: string): Promise<boolean> {
  const check = [...inside(root), 'diff', '--quiet', '--no-ext-diff', commit, '--']; // Takes no lock: another worker may be in it.
  if (await succeeds(check)) return true;
  if ((await succeeds([...inside(root), 'reset', '--hard', '--quiet', commit])) && (await succeeds(check))) return true;
  const aside = `${root}.broken-${process.pid}`;
  await rename(root, aside).catch(() => undefined); // Another worker was first.
  await rm(aside, { recursive: true, force: true });
  return false;
}

async function succeeds(args: readonly string[]): Promise<boolean> {
  return (await runGit(args)).exitCode === 0;
}

async function isThere(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => null)) !== null;
}

/** Never asks for a password: nobody is there to answer. Knows nothing of a repository around it, as a git hook would have it know. */
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
