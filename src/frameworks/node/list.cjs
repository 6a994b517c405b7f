'use strict';
// Writes the files that `node --test` would run for the given paths and patterns, as a JSON array, to the file named first on the command
// line. It follows the version of Node that runs it, whose own search is not public.

const fs = require('node:fs');
const { basename, join, relative, resolve } = require('node:path');

/** Folders in which no test of the project is: the second one is Holdfast's own. */
const OTHERS = new Set(['node_modules', '.holdfast']);

const [answer = '', ...names] = process.argv.slice(2);
// `process.features.typescript` is there from 22.10 on.
const readsTypeScript = Boolean(/** @type {{ typescript?: unknown }} */ (process.features).typescript);

const found = 'globSync' in fs ? byPatterns() : byPaths();
const cwd = process.cwd();
fs.writeFileSync(answer, JSON.stringify([...new Set(found.map((path) => relative(cwd, resolve(path))))].sort()));

/** From version 22 on: each name is a pattern. Folders that match are run as if they were files. */
function byPatterns() {
  const extensions = ['js', 'mjs', 'cjs', ...(readsTypeScript ? ['ts', 'mts', 'cts'] : [])].join(',');
  const patterns = names.length > 0 ? names : [`**/{test,test/**/*,test-*,*[._-]test}.{${extensions}}`];
  const { globSync } = /** @type {{ globSync: (patterns: string[], options: object) => string[] }} */ (
    /** @type {unknown} */ (fs)
  );
  const files = globSync(patterns, { exclude: (/** @type {string} */ name) => name === 'node_modules' });
  if (files.length === 0 && names.length > 0 && !names.some((name) => /[*?[\]{}()!+@]/.test(name)))
    throw new Error(`Could not find '${names.join(', ')}'`);
  return files;
}

/** Up to version 20: each name is a path; the files of a folder are those that are named as tests, or all below a folder called test. */
function byPaths() {
  return (names.length > 0 ? names : ['.']).flatMap((name) => filesAt(resolve(name), { isNamed: true, isInTest: false }));
}

/**
 * @param {string} path
 * @param {{ isNamed: boolean, isInTest: boolean }} place
 * @returns {string[]}
 */
function filesAt(path, { isNamed, isInTest }) {
  const stats = fs.statSync(path);
  const name = basename(path);
  if (stats.isFile()) {
    const isTest = isInTest ? /\.[cm]?js$/.test(name) : /(^test(-.+)?|.[.\-_]test)\.[cm]?js$/.test(name);
    return isNamed || isTest ? [path] : [];
  }
  if (!stats.isDirectory() || (OTHERS.has(name) && !isNamed)) return [];
  const inside = { isNamed: false, isInTest: isInTest || name === 'test' };
  return fs.readdirSync(path).flatMap((entry) => filesAt(join(path, entry), inside));
}
