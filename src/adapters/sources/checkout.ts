import { statSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { RunnerError } from '../../core/errors.js';
import type { Source } from '../../core/model/suite.js';
import { createGitTrees } from './git-trees.js';
import type { Sources } from './sources.js';

/** Locates the code of a run: the folder this worker was started for, or a tree cloned from a remote. */
export function createSources({ root, treesFolder }: { readonly root: string; readonly treesFolder: string }): Sources {
  const fetchTree = createGitTrees(treesFolder);
  let isRepository = true;
  /** Read once per run, when its files are listed: the folder may be updated while its worker keeps running. */
  const head = async () => {
    const commit = isRepository ? await readHead(root) : null;
    isRepository = commit !== null; // Outside a repository, do not ask git again for each file.
    return commit;
  };
  const rootOf = async (source: Source, commit: string | null) =>
    source.kind === 'checkout' ? { root, commit: commit ?? (await head()) } : fetchTree(source, commit);
  return {
    async locate({ source, commit, cwd }) {
      const code = await rootOf(source, commit);
      const folder = path.resolve(code.root, cwd);
      if (!isFolder(folder))
        throw new RunnerError('SOURCE_FAILED', `The suite’s folder ${cwd} is not in the code at ${code.root}.`);
      return { cwd: folder, commit: code.commit };
    },
  };
}

function isFolder(folder: string): boolean {
  try {
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

async function readHead(root: string): Promise<string | null> {
  const { exitCode, stdout } = await execa('git', ['rev-parse', 'HEAD'], { cwd: root, reject: false, stderr: 'ignore' });
  return exitCode === 0 && stdout !== '' ? stdout : null;
}
