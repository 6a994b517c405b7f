import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import { RENAMED_KEYS, RENAMED_VARIABLES } from '../../src/config/renamed.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DECISION = 'docs/decisions/0039-options.md';

type OldName = { readonly pattern: RegExp; readonly remedy: string };

/** Flags and commands that users once knew, and what the documentation says instead. */
const OLD_FLAGS: readonly OldName[] = [
  { pattern: /--deadline\b/, remedy: 'write --run-timeout' },
  { pattern: /\bctl deadline\b/, remedy: 'write ctl run-timeout' },
  { pattern: /\bholdfast (worker|dev)\b[^`\n]* (--workers|-j)\b/, remedy: 'write --slots' },
  { pattern: /\bholdfast chaos\b[^`\n]* --workers\b/, remedy: 'write --processes' },
  { pattern: /\bholdfast simulate\b[^`\n]* --workers\b/, remedy: 'write --machines' },
  { pattern: /--recycle-above\b/, remedy: 'write --recycle-after' },
];
/** Keys and variables that went without a successor of the same meaning. */
const GONE = {
  keys: ['deadlines', 'retryBackoff', 'retryNotOn'],
  variables: ['HOLDFAST_METADATA_URL', 'HOLDFAST_RETRY_DELAY', 'HOLDFAST_MAX_LOSSES', 'HOLDFAST_KILL_GRACE'],
};
const OLD_NAMES: readonly OldName[] = [
  ...OLD_FLAGS,
  ...Object.entries(RENAMED_KEYS).map(([key, now]) => ({ pattern: keyPattern(key), remedy: `write ${now}` })),
  ...Object.entries(RENAMED_VARIABLES).map(([name, now]) => ({ pattern: new RegExp(`\\b${name}\\b`), remedy: `write ${now}` })),
  ...GONE.keys.map((key) => ({ pattern: keyPattern(key), remedy: `${DECISION} says what to use instead` })),
  ...GONE.variables.map((name) => ({ pattern: new RegExp(`\\b${name}\\b`), remedy: `${DECISION} says what to use instead` })),
];

test.each([
  ['`holdfast run --deadline 5m`', true],
  ['holdfast run -j 4', false],
  ['holdfast worker -j 4', true],
  ["rules: [{ files: 'a', repeatable: false }]", true],
  ['a repeatable build: nothing more', false],
  ['{ "junit": "out.xml" }', true],
  ["suites: { units: { framework: 'junit' } }", false],
  ['HOLDFAST_WORKERS=2', true],
  ['HOLDFAST_WORKER_SLOTS=2', false],
])('%s has an old name: %s', (text, isOld) => {
  expect(OLD_NAMES.some(({ pattern }) => pattern.test(text))).toBe(isOld);
});

test('the documentation and the examples use no old name of an option', async () => {
  const pages = await glob(['README.md', 'CONTRIBUTING.md', 'docs/*.md', 'examples/**'], {
    cwd: ROOT,
    ignore: ['**/node_modules/**'],
  });
  expect(pages.length).toBeGreaterThan(20);
  const found = await Promise.all(
    pages.map(async (page) => {
      const lines = (await readFile(path.join(ROOT, page), 'utf8')).split('\n');
      return lines.flatMap((line, index) =>
        OLD_NAMES.flatMap(({ pattern, remedy }) => {
          const [old] = pattern.exec(line) ?? [];
          return old === undefined ? [] : [`${page}:${index + 1}: instead of "${old.trim()}", ${remedy}`];
        }),
      );
    }),
  );
  expect(found.flat()).toEqual([]);
});

test('files of the source that the documentation names exist', async () => {
  const pages = await glob(
    ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/reliability.md', 'docs/decisions/*.md'],
    {
      cwd: ROOT,
    },
  );
  const files = await glob('{src,test,scripts,bench,docs}/**', { cwd: ROOT, ignore: 'test/fixtures/**' });
  expect(files.length).toBeGreaterThan(200);
  const found = await Promise.all(
    pages.map(async (page) => {
      const text = await readFile(path.join(ROOT, page), 'utf8');
      if (/^Superseded by /m.test(text)) return [];
      const named = [...text.matchAll(/`((?:[\w.-]+\/)*\w[\w-]*\.(?:ts|mjs|cjs)|(?:[\w.-]+\/)+\w+\.py)`/g)];
      return named.flatMap(([, file = '']) =>
        files.some((one) => `/${one}`.endsWith(`/${file}`)) ? [] : [`${page}: ${file} does not exist; name today's file`],
      );
    }),
  );
  expect(found.flat()).toEqual([]);
});

/** A key of a configuration, or its name in prose. */
function keyPattern(key: string): RegExp {
  return key === 'junit' ? /(^|[{,\s])["']?junit["']?:\s/ : new RegExp(`(^|[{,\\s])["']?${key}["']?:\\s|\`${key}\``);
}
