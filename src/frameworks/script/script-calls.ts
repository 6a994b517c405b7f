import { posix } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import picomatch from 'picomatch';
import type { Package, Packages } from './packages.js';
import type { Word } from './shell-line.js';

/** A script that a package manager is asked to run. */
export type ScriptCall = {
  readonly script: string;
  /** Folder of its package, relative to the project. */
  readonly folder: string;
  /** Arguments that are appended to the script. */
  readonly words: readonly Word[];
};

/** How a program is asked to run scripts. */
type Request = {
  readonly scripts: readonly string[];
  readonly packages: PackageChoice;
  readonly words: readonly Word[];
};

type PackageChoice =
  /** The package in a folder, relative to that of the command. */
  | { readonly kind: 'folder'; readonly folder: string }
  /** Workspaces with these names, folders or globs of either; without any, all of them. */
  | { readonly kind: 'workspaces'; readonly filters: readonly string[]; readonly withRoot?: boolean };

const HERE: PackageChoice = { kind: 'folder', folder: '.' };

/**
 * The scripts that a command asks a package manager or a task runner for (npm, pnpm, yarn, bun, npm-run-all, lerna, turbo, nx), in packages
 * that have them. null if the command is no such call. Empty if no package has the script.
 */
export async function scriptsCalled(
  program: string,
  words: readonly Word[],
  cwd: string,
  packages: Packages,
): Promise<readonly ScriptCall[] | null> {
  const request = REQUESTS[program]?.(words) ?? null;
  if (request === null) return null;
  const chosen = await packagesOf(request.packages, cwd, packages);
  const called = chosen.flatMap(({ folder, scripts }) =>
    request.scripts
      .flatMap((pattern) => scriptsMatching(pattern, scripts))
      .map((script) => ({ script, folder, words: request.words })),
  );
  // `pnpm mocha` runs a program, unless there is a script of that name.
  return called.length === 0 && request.packages.kind === 'folder' ? null : called;
}

async function packagesOf(choice: PackageChoice, cwd: string, packages: Packages): Promise<readonly Package[]> {
  if (choice.kind === 'folder') {
    const found = await packages.in(posix.join(cwd, choice.folder));
    return found === null ? [] : [found];
  }
  const root = choice.withRoot ? await packages.in('.') : null;
  const workspaces = [...(root === null ? [] : [root]), ...(await packages.workspaces())];
  const { filters } = choice;
  const excluded = filters.filter((filter) => filter.startsWith('!')).map((filter) => filter.slice(1));
  const included = filters.filter((filter) => !filter.startsWith('!'));
  return workspaces.filter(
    (one) =>
      (included.length === 0 || included.some((filter) => isMeant(filter, one))) &&
      !excluded.some((filter) => isMeant(filter, one)),
  );
}

/** By its name, with or without the scope, or by its folder or one above it. */
function isMeant(filter: string, { name, folder }: Package): boolean {
  const wanted = filter
    .replace(/^\{(.*)\}$/, '$1')
    .replace(/^\.\//, '')
    .replace(/\/$/, '');
  const matches = picomatch(wanted);
  const names = name === null ? [] : [name, name.replace(/^@[^/]*\//, '')];
  return names.some((one) => matches(one)) || matches(folder) || folder.startsWith(`${wanted}/`);
}

/** npm-run-all: `test:*` matches `test:unit`, `test:**` also `test:unit:fast`. pnpm: `/^test:/` is a regular expression. */
function scriptsMatching(pattern: string, scripts: Package['scripts']): readonly string[] {
  const expression = /^\/(.+)\/$/.exec(pattern)?.[1];
  if (expression !== undefined) return Object.keys(scripts).filter((script) => matches(expression, script));
  if (!pattern.includes('*')) return pattern in scripts ? [pattern] : [];
  const source = pattern
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**', '.+')
    .replaceAll(/(?<!\.)\*/g, '[^:]+');
  return Object.keys(scripts).filter((script) => new RegExp(`^${source}$`).test(script));
}

function matches(expression: string, text: string): boolean {
  try {
    return new RegExp(expression).test(text);
  } catch {
    return false;
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Reads the options that are known, and skips other ones. `after(n)`: the words after the nth positional. */
function read<T extends Options>(words: readonly Word[], options: T) {
  const texts = words.map((word) => (typeof word === 'string' ? word : word.glob));
  const { values, positionals, tokens } = parseArgs({
    args: texts,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const places = tokens.flatMap((token) => (token.kind === 'positional' ? [token.index] : []));
  const dashes = texts.indexOf('--');
  return {
    values,
    positionals,
    after: (nth: number): readonly Word[] => words.slice((places[nth] ?? words.length) + 1).filter((word) => word !== '--'),
    /** The words after `--`; without it, the positionals after the nth. */
    afterDashes: (nth: number): readonly Word[] =>
      dashes >= 0 ? words.slice(dashes + 1) : places.slice(nth + 1).flatMap((place) => words[place] ?? []),
  };
}

const texts = (value: unknown): readonly string[] => [value ?? []].flat().filter((one) => typeof one === 'string');
const folderFrom = (value: unknown): PackageChoice => (typeof value === 'string' ? { kind: 'folder', folder: value } : HERE);
const STRINGS = { type: 'string', multiple: true } as const;

function npm(words: readonly Word[]): Request | null {
  const args = words.map((word) => (word === '-ws' ? '--workspaces' : word === '-iwr' ? '--include-workspace-root' : word));
  const { values, positionals, afterDashes } = read(args, {
    workspace: { ...STRINGS, short: 'w' },
    workspaces: { type: 'boolean' },
    'include-workspace-root': { type: 'boolean' },
    prefix: { type: 'string', short: 'C' },
  });
  const [verb = '', script] = positionals;
  const isTest = ['test', 't', 'tst'].includes(verb);
  const name = isTest ? 'test' : ['run', 'run-script'].includes(verb) ? script : undefined;
  if (name === undefined) return null;
  const filters = texts(values.workspace);
  const isForWorkspaces = values.workspaces === true || filters.length > 0;
  const packages: PackageChoice = isForWorkspaces
    ? { kind: 'workspaces', filters, withRoot: values['include-workspace-root'] === true }
    : folderFrom(values.prefix);
  return { scripts: [name], packages, words: afterDashes(isTest ? 0 : 1) };
}

function pnpm(words: readonly Word[]): Request | null {
  const { values, positionals, after } = read(words, {
    recursive: { type: 'boolean', short: 'r' },
    filter: { ...STRINGS, short: 'F' },
    dir: { type: 'string', short: 'C' },
  });
  const verbs = positionals.findIndex((word) => !['run', 'recursive', 'multi', 'm'].includes(word));
  const script = positionals[verbs];
  if (script === undefined) return null;
  const filters = texts(values.filter);
  const isRecursive =
    values.recursive === true || filters.length > 0 || positionals.slice(0, verbs).some((word) => word !== 'run');
  const packages: PackageChoice = isRecursive ? { kind: 'workspaces', filters } : folderFrom(values.dir);
  return { scripts: [script === 't' ? 'test' : script], packages, words: after(verbs) };
}

function yarn(words: readonly Word[]): Request | null {
  const { values, positionals, after } = read(words, { cwd: { type: 'string' }, include: STRINGS, exclude: STRINGS });
  const [first = '', second = ''] = positionals;
  const at = positionals.indexOf('run');
  if (first === 'workspaces') {
    const filters = [...texts(values.include), ...texts(values.exclude).map((name) => `!${name}`)];
    const script = positionals[at + 1];
    if (at < 0 || script === undefined) return null;
    return { scripts: [script], packages: { kind: 'workspaces', filters }, words: after(at + 1) };
  }
  if (first === 'workspace') {
    const nth = positionals[2] === 'run' ? 3 : 2;
    const script = positionals[nth];
    return script === undefined
      ? null
      : { scripts: [script], packages: { kind: 'workspaces', filters: [second] }, words: after(nth) };
  }
  const nth = first === 'run' ? 1 : 0;
  const script = positionals[nth];
  return script === undefined ? null : { scripts: [script], packages: folderFrom(values.cwd), words: after(nth) };
}

function bun(words: readonly Word[]): Request | null {
  const { values, positionals, after } = read(words, { filter: { ...STRINGS, short: 'F' }, cwd: { type: 'string' } });
  const nth = positionals[0] === 'run' ? 1 : 0;
  const script = positionals[nth];
  if (script === undefined || (nth === 0 && script === 'test')) return null; // `bun test` is a framework of its own.
  const filters = texts(values.filter);
  const packages: PackageChoice = filters.length > 0 ? { kind: 'workspaces', filters } : folderFrom(values.cwd);
  return { scripts: [script], packages, words: after(nth) };
}

/** npm-run-all, each of whose words is a script. A script with arguments (`"test -- --bail"`) is not read. */
function runAll(words: readonly Word[]): Request {
  return { scripts: words.map((word) => (typeof word === 'string' ? word : word.glob)), packages: HERE, words: [] };
}

function lerna(words: readonly Word[]): Request | null {
  const { values, positionals, afterDashes } = read(words, { scope: STRINGS, ignore: STRINGS });
  const [verb, script] = positionals;
  if (verb !== 'run' || script === undefined) return null;
  const filters = [...texts(values.scope), ...texts(values.ignore).map((name) => `!${name}`)];
  return { scripts: script.split(','), packages: { kind: 'workspaces', filters }, words: afterDashes(1) };
}

function turbo(words: readonly Word[]): Request | null {
  const { values, positionals, afterDashes } = read(words, { filter: { ...STRINGS, short: 'F' } });
  const scripts = positionals[0] === 'run' ? positionals.slice(1) : positionals;
  if (scripts.length === 0) return null;
  return { scripts, packages: { kind: 'workspaces', filters: texts(values.filter) }, words: afterDashes(positionals.length - 1) };
}

function nx(words: readonly Word[]): Request | null {
  const { values, positionals } = read(words, {
    target: { ...STRINGS, short: 't' },
    targets: STRINGS,
    projects: { ...STRINGS, short: 'p' },
    exclude: STRINGS,
  });
  const split = (value: unknown) => texts(value).flatMap((text) => text.split(','));
  const [verb = '', project] = positionals;
  if (verb === 'run-many') {
    const filters = [...split(values.projects), ...split(values.exclude).map((name) => `!${name}`)];
    return { scripts: [...split(values.target), ...split(values.targets)], packages: { kind: 'workspaces', filters }, words: [] };
  }
  return project === undefined ? null : { scripts: [verb], packages: { kind: 'workspaces', filters: [project] }, words: [] };
}

const REQUESTS: Readonly<Record<string, (words: readonly Word[]) => Request | null>> = {
  npm,
  pnpm,
  yarn,
  bun,
  'npm-run-all': runAll,
  'npm-run-all2': runAll,
  'run-s': runAll,
  'run-p': runAll,
  lerna,
  turbo,
  nx,
};
