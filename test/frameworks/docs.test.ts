import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { PAGES, readAbouts, withTables } from '../../scripts/docs-tables.js';
import { FRAMEWORKS } from '../../src/core/model/frameworks.js';
import { frameworkOf } from '../../src/frameworks/index.js';

const read = (page: string) => readFile(new URL(`../../${page}`, import.meta.url), 'utf8');
const abouts = await readAbouts();

test.each(PAGES)('%s has the facts of all frameworks (else: npm run generate)', async (page) => {
  const text = await read(page);
  expect(text).toContain('<!-- generated: ');
  expect(await withTables(text)).toBe(text);
});

test.each(FRAMEWORKS)('the documentation tells the sessions of %s if it has any', (name) => {
  expect(abouts.get(name)?.sessions.length !== 0).toBe(frameworkOf(name).warm !== undefined);
});

test.each(FRAMEWORKS)('the README names %s', async (name) => {
  expect(await read('README.md')).toMatch(new RegExp(`${abouts.get(name)?.title}|${name}`, 'i'));
});
