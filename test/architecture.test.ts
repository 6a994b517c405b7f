import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { FRAMEWORKS } from '../src/core/model/frameworks.js';

const SRC = path.resolve(import.meta.dirname, '../src');

/**
 * Who may import whom: each room may import itself and these; `type:` only types of them. The rooms from `adapters` up touch the world: `core` and
 * `workflows` touch nothing, `reporters`, `render` and `activities` only what they are handed.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  render: ['core'],
  reporters: ['render', 'core'],
  workflows: ['core', 'type:activities'],
  activities: ['core', 'type:frameworks', 'type:adapters'],
  adapters: ['core'],
  frameworks: ['adapters', 'core'],
  config: ['reporters', 'adapters', 'core'],
  selection: ['config', 'frameworks', 'core'],
  worker: ['core'],
  'worker.ts': ['worker', 'activities', 'frameworks', 'adapters', 'core'],
  'control.ts': ['worker', 'activities', 'frameworks', 'adapters', 'core'],
  stack: ['control.ts', 'config', 'adapters', 'core'],
  client: ['stack', 'selection', 'config', 'frameworks', 'workflows', 'type:activities', 'adapters', 'core'],
  'client.ts': ['client', 'adapters', 'core'],
  chaos: ['adapters', 'core'],
  doctor: ['cli', 'client', 'stack', 'config', 'frameworks', 'adapters', 'reporters', 'render', 'core'],
  cli: ['client', 'worker', 'stack', 'selection', 'config', 'frameworks', 'adapters', 'reporters', 'render', 'core'],
  commands: [
    'cli',
    'client',
    'chaos',
    'doctor',
    'stack',
    'worker.ts',
    'control.ts',
    'selection',
    'config',
    'frameworks',
    'adapters',
    'reporters',
    'render',
    'core',
  ],
  'program.ts': ['commands', 'cli', 'adapters', 'core'],
  'cli.ts': ['program.ts', 'cli'],
};
/** Bundled into Temporal's sandbox, where these break the worker at its start. */
const PURE = ['core', 'workflows'];

type Import = { readonly from: string; readonly to: string; readonly isType: boolean };

const files = await glob('**/*.ts', { cwd: SRC });

async function readImports(): Promise<Import[]> {
  const found = await Promise.all(
    files.map(async (from) => {
      const text = await readFile(path.join(SRC, from), 'utf8');
      const statements = text.matchAll(
        /^(?:import|export)\s+(type\s+)?([^;'"]*?)from\s+'([^']+)';|import\('([^']+)'\)|^import\s+'([^']+)';/gm,
      );
      return [...statements].map(([, type, names, to, dynamic, bare]) => ({
        from,
        to: to ?? dynamic ?? bare ?? '',
        isType: type !== undefined || /^\{(\s*type\s+\w+(\s+as\s+\w+)?,?)+\s*\}\s*$/.test(names ?? ''),
      }));
    }),
  );
  return found.flat();
}

const roomOf = (file: string) => file.split('/')[0] ?? '';
const target = ({ from, to }: Import) =>
  path.posix.normalize(path.posix.join(path.posix.dirname(from), to)).replace(/\.js$/, '.ts');
const imports = await readImports();

test('the imports were read', () => {
  expect(imports.length).toBeGreaterThan(200);
});

test('every room has a rule, and every rule a room', () => {
  expect([...new Set(files.map(roomOf))].sort()).toEqual(Object.keys(ROOMS).sort());
});

describe('arrows point down and never back', () => {
  test.each(Object.entries(ROOMS))('%s imports only what stands below it', (layer, below) => {
    const allowed = new Set([layer, ...below]);
    const wrong = imports
      .filter(({ from, to }) => roomOf(from) === layer && to.startsWith('.'))
      .filter((one) => {
        const to = roomOf(target(one));
        return !allowed.has(to) && !(one.isType && allowed.has(`type:${to}`));
      });
    expect(wrong).toEqual([]);
  });
});

test.each(PURE)('%s imports nothing of the machine it runs on', (layer) => {
  const wrong = imports.filter(
    ({ from, to }) => roomOf(from) === layer && (to.startsWith('node:') || /@temporalio\/(worker|client|activity)/.test(to)),
  );
  expect(wrong).toEqual([]);
});

test('core imports no library but that of its schemas', () => {
  const libraries = imports.filter(({ from, to }) => roomOf(from) === 'core' && !to.startsWith('.'));
  expect(libraries.map(({ from, to }) => [from, to])).toEqual([['core/border/schema.ts', 'zod/mini']]);
});

test('only the entry reads the environment of the process', async () => {
  const readers = await Promise.all(
    files.map(async (file) => ((await readFile(path.join(SRC, file), 'utf8')).includes('process.env') ? [file] : [])),
  );
  expect(readers.flat()).toEqual(['cli.ts']);
});

test('relative imports end in .js', () => {
  expect(imports.filter(({ to }) => to.startsWith('.') && !to.endsWith('.js'))).toEqual([]);
});

describe('a framework is named in its folder, in the table of facts and in the registry', () => {
  const NAMES_ALL = ['core/model/frameworks.ts', 'frameworks/registry.ts'];
  /** Keys of a suite in the configuration: as keys of an object they name no framework. */
  const KEYS_OF_SUITES: ReadonlySet<string> = new Set(['command']);
  /** Where a word means something else: a format that a reporter writes, or a command, or an old key of a suite. */
  const OTHER_MEANINGS: Readonly<Record<string, RegExp>> = {
    junit: /^reporters\/|^core\/model\/reporter-spec\.ts$|^config\/renamed\.ts$|^frameworks\/command\//,
  };
  const names: ReadonlySet<string> = new Set(FRAMEWORKS);

  test.each([
    ['core/a.ts', "name === 'go'", ['go']],
    ['core/a.ts', 'const callMs = { vitest: 300 };', ['vitest']],
    ['core/a.ts', 'const callMs = { "vitest": 300 };', ['vitest']],
    ['core/a.ts', "import { go } from '../frameworks/go/adapter.js';", ['go']],
    ['frameworks/a.ts', "import { go } from './go/adapter.js';", ['go']],
    ['frameworks/mocha/a.ts', "import { go } from '../go/adapter.js'; const name = 'mocha';", ['go', 'mocha']],
    ['frameworks/a.py', 'if name == "pytest":', ['pytest']],
    ['core/a.ts', "import 'node:fs'; const suite = { command: ['a go of node'] }; // it's 'go'", []],
  ])('in %s, %s', (file, text, found) => {
    expect(namesIn(file, text)).toEqual(found);
  });

  test('and nowhere else', async () => {
    const sources = await glob('**/*.{ts,cjs,mjs,py}', { cwd: SRC });
    const found = await Promise.all(
      sources.map(async (file) => [file, namesIn(file, await readFile(path.join(SRC, file), 'utf8'))] as const),
    );
    const wrong = found.flatMap(([file, words]) => {
      const others = words.filter((word) => folderIn(file) !== word && !OTHER_MEANINGS[word]?.test(file));
      return NAMES_ALL.includes(file) || others.length === 0 ? [] : [`${file}: ${others.join(', ')}`];
    });
    expect(wrong).toEqual([]);
  });

  test.each(FRAMEWORKS)('%s has a folder with its adapter and what the documentation says of it', (name) => {
    expect(files).toEqual(expect.arrayContaining([`frameworks/${name}/adapter.ts`, `frameworks/${name}/about.ts`]));
  });

  /** The folder below `frameworks/` that holds a file. */
  function folderIn(file: string): string | undefined {
    return /^frameworks\/([^/]+)\//.exec(file)?.[1];
  }

  /** Names of frameworks among a file's strings, the keys of its objects and the folders it imports from. */
  function namesIn(file: string, text: string): string[] {
    const words: (string | undefined)[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node))
        words.push(node.text, node.text.startsWith('.') ? folderIn(path.posix.join(path.posix.dirname(file), node.text)) : '');
      if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && !KEYS_OF_SUITES.has(node.name.text))
        words.push(node.name.text);
      ts.forEachChild(node, visit);
    };
    if (file.endsWith('.py')) words.push(...[...text.matchAll(/(['"])(\w+)\1/g)].map(([, , word]) => word));
    else visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
    return words.filter((word): word is string => word !== undefined && names.has(word));
  }
});
