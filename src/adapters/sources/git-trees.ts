import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { RunnerError } from '../../core/errors.js';
import type { Source } from '../../core/suite.js';

type Tree = { readonly root: string; readonly commit: string };

/**
 * Checks out commits of remotes, each into a folder of its own that is complete or absent. A bare repository for each remote keeps what was
 * fetched. Attempts that want the same tree at once share one checkout.
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

/** A branch or tag as the remote has it now; a full commit id stands for itself. */
async function resolve(remote: string, revision: string): Promise<string> {
  if (/^[0-9a-f]{40}$/.test(revision)) return revision;
  const listing = await git(
    ['ls-remote', '--exit-code', '--', remote, revision, `${revision}^{}`],
    `${remote} has no ${revision}`,
  );
  const lines = listing.split('\n').filter((line) => line !== '');
  const peeled = lines.find((line) => line.endsWith('^{}')) ?? lines[0]; // An annotated tag: the commit it points to.
  const commit = peeled?.split('\t')[0];
  if (commit === undefined) throw new RunnerError('SOURCE_FAILED', `${remote} has no ${revision}.`);
  return commit;
}

async function checkOut(folder: string, remote: string, commit: string): Promise<Tree> {
  const name = createHash('sha256').update(remote).digest('hex').slice(0, 16);
  const cache = path.join(folder, `${name}.git`);
  const root = path.join(folder, `${name}-${commit}`);
  if (await stat(root).catch(() => null)) return { root, commit };
  await mkdir(folder, { recursive: true });
  await git(['init', '--quiet', '--bare', cache], 'the cache repository could not be made');
  await git(
    ['-C', cache, 'fetch', '--quiet', '--depth=1', '--', remote, commit],
    `${commit} could not be fetched from ${remote}`,
  );
  const partial = await mkdtemp(`${root}-`);
  try {
    await git(
      ['-C', cache, '--work-tree', partial, 'checkout', '--force', '--quiet', commit, '--', '.'],
      `${commit} could not be checked out`,
    );
    await rename(partial, root);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!(await stat(root).catch(() => null))) throw error; // Another worker was first: its tree is the same.
  }
  return { root, commit };
}

/** Never asks for a password: nobody is there to answer. */
async function git(args: readonly string[], failure: string): Promise<string> {
  const { exitCode, stdout, stderr } = await execa('git', args, {
    reject: false,
    stdin: 'ignore',
    env: { GIT_TERMINAL_PROMPT: '0' },
  });
  if (exitCode === 0) return stdout;
  throw new RunnerError('SOURCE_FAILED', `${failure}: ${withoutCredentials(stderr.trim())}.`);
}

function withoutCredentials(text: string): string {
  return text.replaceAll(/\/\/[^/@\s]+@/g, '//');
}
