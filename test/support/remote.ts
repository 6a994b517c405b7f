import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

/** A repository to fetch from, with a working tree, on the branch `main`. */
export type Remote = {
  readonly root: string;
  /** Writes files and commits them on the branch checked out; answers with the commit. */
  commit(files: Readonly<Record<string, string>>): Promise<string>;
  git(...args: readonly string[]): Promise<string>;
};

/** Makes a remote in this folder. Nothing of this machine's git configuration counts. */
export async function aRemote(root: string): Promise<Remote> {
  const env = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((who) => [
        [`GIT_${who}_NAME`, 'Somebody'],
        [`GIT_${who}_EMAIL`, 'somebody@example.org'],
      ]),
    ),
  };
  const git = async (...args: readonly string[]) => (await execa('git', args, { cwd: root, env })).stdout;
  await mkdir(root, { recursive: true });
  await git('init', '--quiet', '--initial-branch=main');
  return {
    root,
    git,
    async commit(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--message=a change');
      return git('rev-parse', 'HEAD');
    },
  };
}
