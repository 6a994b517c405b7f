import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuiteFolder } from './framework.js';

/** Files in which a project may write down how it is tested, beside package.json. */
const RECIPES = ['Makefile', 'makefile', 'GNUmakefile', 'justfile', 'tox.ini', 'noxfile.py'] as const;
const COMMENT = /^\s*#.*$/gm;
const CONTINUED = /\\\n\s*/g;
const RUN_OF_NOX = /\.run(?:_always)?\(([^)]*)\)/g;
/** Words that only change what is printed or where, and those that stand for what a person adds. */
const HARMLESS =
  /^(-[vqs]+|-r[aAEfFNpPsSwxX]+|--(verbose|quiet|color|tb|durations|cov|cov-report|basetemp|junitxml)(=.*)?|\.|\.\/\.\.\.|[{$].*)$/;

/**
 * A sentence for the first file that calls the framework with words of its own, which a run without arguments does not have. The
 * source of `calledAs` matches the call up to its words.
 */
export async function wordsOfRecipes({ cwd, spec }: SuiteFolder, calledAs: RegExp): Promise<readonly string[]> {
  if (spec.args.length > 0) return []; // Somebody has decided.
  for (const name of RECIPES) {
    const call = callIn(name, await readFile(join(cwd, name), 'utf8').catch(() => ''), calledAs);
    if (call !== null)
      return [`the words of \`${call}\` in ${name} are not used; those that change what runs belong in \`args\``];
  }
  return [];
}

/** Pure. The first call in a file that has words beyond the harmless ones; null if there is none. */
export function callIn(name: string, text: string, calledAs: RegExp): string | null {
  const plain = text.replace(COMMENT, '').replace(CONTINUED, ' ');
  const lines =
    name === 'noxfile.py' ? [...plain.matchAll(RUN_OF_NOX)].map(([, words = '']) => literalsIn(words)) : plain.split('\n');
  const call = new RegExp(`(?<=^|[\\s@;&(])(?:${calledAs.source})(?=\\s)(?!\\s*[<>=~!,:]).*`);
  for (const line of lines) {
    const [found] = call.exec(line.trim()) ?? [];
    const words = found?.replace(calledAs, '').trim().split(/\s+/) ?? [];
    if (found !== undefined && words.some((word) => word !== '' && !HARMLESS.test(word))) return found.trim();
  }
  return null;
}

/** `"pytest", "tests", *session.posargs` → `pytest tests`. */
function literalsIn(words: string): string {
  return [...words.matchAll(/(["'])(.*?)\1/g)].map(([, , word]) => word).join(' ');
}
