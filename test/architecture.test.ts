import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import { describe, expect, test } from 'vitest';

const SRC = path.resolve(import.meta.dirname, '../src');

/** Each layer may import itself and these; `type:` only types of them. What is not named is an entry and may import everything. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  reporters: ['core'],
  workflows: ['core', 'type:activities'],
  activities: ['core', 'type:adapters'],
  adapters: ['core'],
};
/** Bundled into Temporal's sandbox, where these break the worker at its start. */
const PURE = ['core', 'workflows'];

type Import = { readonly from: string; readonly to: string; readonly isType: boolean };

async function readImports(): Promise<Import[]> {
  const files = await glob('**/*.ts', { cwd: SRC });
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

const layerOf = (file: string) => file.split('/')[0] ?? '';
const target = ({ from, to }: Import) => path.posix.normalize(path.posix.join(path.posix.dirname(from), to));
const imports = await readImports();

test('the imports were read', () => {
  expect(imports.length).toBeGreaterThan(200);
});

describe('arrows point down and never back', () => {
  test.each(Object.entries(LAYERS))('%s imports only what stands below it', (layer, below) => {
    const allowed = new Set([layer, ...below]);
    const wrong = imports
      .filter(({ from, to }) => layerOf(from) === layer && to.startsWith('.'))
      .filter((one) => {
        const to = layerOf(target(one));
        return !allowed.has(to) && !(one.isType && allowed.has(`type:${to}`));
      });
    expect(wrong).toEqual([]);
  });
});

test.each(PURE)('%s imports nothing of the machine it runs on', (layer) => {
  const wrong = imports.filter(
    ({ from, to }) => layerOf(from) === layer && (to.startsWith('node:') || /@temporalio\/(worker|client|activity)/.test(to)),
  );
  expect(wrong).toEqual([]);
});

test('core imports no library', () => {
  expect(imports.filter(({ from, to }) => layerOf(from) === 'core' && !to.startsWith('.'))).toEqual([]);
});

test('only the entry reads the environment of the process', async () => {
  const files = await glob('**/*.ts', { cwd: SRC });
  const readers = await Promise.all(
    files.map(async (file) => ((await readFile(path.join(SRC, file), 'utf8')).includes('process.env') ? [file] : [])),
  );
  expect(readers.flat()).toEqual(['cli.ts']);
});

test('relative imports end in .js', () => {
  expect(imports.filter(({ to }) => to.startsWith('.') && !to.endsWith('.js'))).toEqual([]);
});
