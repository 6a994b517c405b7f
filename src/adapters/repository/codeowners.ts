import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import ignore from 'ignore';

/** Where GitHub and GitLab look for the file, in order. */
const PLACES = ['.github/CODEOWNERS', '.gitlab/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** The CODEOWNERS of the repository around a folder, and the folder's path in it (empty for the root). */
export type Codeowners = { readonly text: string; readonly prefix: string };

/**
 * Reads the CODEOWNERS that covers a folder; null if there is none. Outside a git repository it is looked up in `top`, the
 * project folder.
 */
export async function readCodeowners(folder: string, top: string): Promise<Codeowners | null> {
  const root = (await repositoryOf(folder)) ?? top;
  for (const place of PLACES) {
    const text = await readFile(path.join(root, place), 'utf8').catch(() => null);
    if (text !== null) return { text, prefix: path.relative(root, folder).split(path.sep).join('/') };
  }
  return null;
}

/** A Go package may be the root itself, which no rule can name: it has the owners of what no other rule is about. */
const IN_THE_ROOT = '(root)';

/** Returns a lookup from a path in that folder to its owners, separated by spaces; undefined for none. The last matching rule wins. */
export function compileCodeowners({ text, prefix }: Codeowners): (file: string) => string | undefined {
  const rules = text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '' && !/^\^?\[/.test(line)) // A GitLab section header; the lines below it are ordinary rules.
    .map((line) => {
      const [pattern = '', ...owners] = line.split(/(?<!\\)\s+/);
      return { rule: ignore().add(pattern), owners: owners.join(' ') };
    })
    .reverse();
  return (file) => {
    const joined = path.posix.join(prefix, file);
    const whole = joined === '.' ? IN_THE_ROOT : joined;
    if (!ignore.isPathValid(whole)) return undefined; // Outside the repository.
    const owners = rules.find(({ rule }) => rule.ignores(whole))?.owners;
    return owners === '' ? undefined : owners; // A rule without owners removes ownership.
  };
}

async function repositoryOf(folder: string): Promise<string | null> {
  for (let at = folder; ; at = path.dirname(at)) {
    if ((await stat(path.join(at, '.git')).catch(() => null)) !== null) return at;
    if (at === path.dirname(at)) return null;
  }
}
