import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore from 'ignore';

/** Where a forge looks for it, first of all first. */
const PLACES = ['.github/CODEOWNERS', '.gitlab/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** The CODEOWNERS of the repository that a folder is in, and the folder's path in it (`` for its root). */
export type Codeowners = { readonly text: string; readonly prefix: string };

/** null where there is none. `top` is the folder of the project: outside of a git repository it is looked for there. */
export async function readCodeowners(folder: string, top: string): Promise<Codeowners | null> {
  const root = (await repositoryOf(folder)) ?? top;
  for (const place of PLACES) {
    const text = await readFile(path.join(root, place), 'utf8').catch(() => null);
    if (text !== null) return { text, prefix: path.relative(root, folder).split(path.sep).join('/') };
  }
  return null;
}

/** Who answers for a path of that folder: the last rule that matches tells, several owners divided by spaces; undefined for nobody. */
export function compileCodeowners({ text, prefix }: Codeowners): (file: string) => string | undefined {
  const rules = text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '' && !/^\^?\[/.test(line)) // A section of GitLab's: its lines are rules like all others.
    .map((line) => {
      const [pattern = '', ...owners] = line.split(/(?<!\\)\s+/);
      return { rule: ignore().add(pattern), owners: owners.join(' ') };
    })
    .reverse();
  return (file) => {
    const whole = path.posix.join(prefix, file);
    const owners = rules.find(({ rule }) => rule.ignores(whole))?.owners;
    return owners === '' ? undefined : owners; // A rule without owners takes them away.
  };
}

async function repositoryOf(folder: string): Promise<string | null> {
  for (let at = folder; ; at = path.dirname(at)) {
    if ((await stat(path.join(at, '.git')).catch(() => null)) !== null) return at;
    if (at === path.dirname(at)) return null;
  }
}
