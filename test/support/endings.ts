import type { FrameworkName } from '../../src/core/model/frameworks.js';
import type { Ending } from '../../src/frameworks/about.js';

/** A test file in each of these situations, as the frameworks that the table has write it. */
export type Endings = {
  readonly name: FrameworkName;
  readonly file: (ending: Ending) => string;
  readonly texts: Readonly<Record<Ending, string>>;
  /** Files of the project beside them. */
  readonly others: Readonly<Record<string, string>>;
};

const inJs = (head: string, [beforeAll, afterAll]: readonly [string, string]): Endings['texts'] => {
  const written = (texts: Readonly<Record<Ending, string>>) =>
    Object.fromEntries(Object.entries(texts).map(([ending, text]) => [ending, `${head}${text}\n`])) as Record<Ending, string>;
  const group = (hook: string) =>
    `describe('group', () => { ${hook}(() => { throw new Error('hook'); }); it('one', () => {}); });\nit('beside', () => {});`;
  return written({
    exitsWhenLoaded: "it('one', () => {});\nprocess.exit(0);",
    setUpThrows: group(beforeAll),
    tearDownThrows: group(afterAll),
    throwsLate: `it('one', () => { setTimeout(() => { throw new Error('late'); }, 20); });`,
    rejectsLate: `it('one', () => { setTimeout(() => void Promise.reject(new Error('late')), 20); });`,
    exitCode: "it('one', () => { process.exitCode = 5; });",
    staysOpen: "it('one', () => { setInterval(() => {}, 1000); require('node:http').createServer().listen(0); });",
  });
};

const inPython = (head: string, [setUp, tearDown]: readonly [string, string], inClass: boolean): Endings['texts'] => {
  const one = (body: string) =>
    inClass ? `class TestA(Base):\n    def test_one(self):\n        ${body}\n` : `def test_one():\n    ${body}\n`;
  const group = (hook: string) =>
    `class TestGroup(Base):\n    @classmethod\n    def ${hook}(cls): raise OSError("hook")\n    def test_one(self): pass\n\nclass TestBeside(Base):\n    def test_two(self): pass\n`;
  const texts = {
    exitsWhenLoaded: `${one('pass')}\nos._exit(0)\n`,
    setUpThrows: group(setUp),
    tearDownThrows: group(tearDown),
    throwsLate: `def late(): raise OSError("late")\n${one('threading.Timer(0.02, late).start()')}`,
    rejectsLate: one('asyncio.new_event_loop().create_future().set_exception(OSError("late"))'),
    exitCode: one('atexit.register(os._exit, 5)'),
    staysOpen: one('threading.Thread(target=time.sleep, args=(600,)).start()'),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([ending, text]) => [ending, `import asyncio, atexit, os, threading, time\n${head}${text}`]),
  ) as Record<Ending, string>;
};

const inRuby: Endings['texts'] = (() => {
  const one = (body: string) => `RSpec.describe('group') { it('one') { ${body} } }\n`;
  const group = (hook: string) =>
    `RSpec.describe('group') { ${hook}(:context) { raise 'hook' }; it('one') {} }\nRSpec.describe('beside') { it('two') {} }\n`;
  return {
    exitsWhenLoaded: `${one('')}exit! 0\n`,
    setUpThrows: group('before'),
    tearDownThrows: group('after'),
    throwsLate: one("at_exit { raise 'late' }"),
    rejectsLate: one("Thread.new { sleep 0.02; raise 'late' }"),
    exitCode: one('at_exit { exit 5 }'),
    staysOpen: one("require 'socket'; $server = TCPServer.new(0); Thread.new { sleep }"),
  };
})();

/** In the order of the table of facts. */
export const ENDINGS: readonly Endings[] = [
  {
    name: 'vitest',
    file: (ending) => `${ending}.test.mjs`,
    texts: inJs(
      "import { createRequire } from 'node:module';\nimport { afterAll, beforeAll, describe, it } from 'vitest';\nconst require = createRequire(import.meta.url);\n",
      ['beforeAll', 'afterAll'],
    ),
    others: { 'package.json': '{}', 'vitest.config.mjs': 'export default { test: { pool: "forks" } };\n' },
  },
  {
    name: 'jest',
    file: (ending) => `${ending}.test.js`,
    texts: inJs('', ['beforeAll', 'afterAll']),
    others: { 'package.json': '{}', 'jest.config.js': 'module.exports = { watchman: false };\n' },
  },
  {
    name: 'mocha',
    file: (ending) => `${ending}.spec.js`,
    texts: inJs('', ['before', 'after']),
    others: { 'package.json': '{}' },
  },
  {
    name: 'node',
    file: (ending) => `${ending}.test.cjs`,
    texts: inJs("const { after, before, describe, it } = require('node:test');\n", ['before', 'after']),
    others: { 'package.json': '{}' },
  },
  {
    name: 'pytest',
    file: (ending) => `test_${ending}.py`,
    texts: inPython('Base = object\n', ['setup_class', 'teardown_class'], false),
    others: { 'pytest.ini': '[pytest]\n' },
  },
  {
    name: 'unittest',
    file: (ending) => `test_${ending}.py`,
    texts: inPython('from unittest import TestCase as Base\n', ['setUpClass', 'tearDownClass'], true),
    others: {},
  },
  { name: 'rspec', file: (ending) => `spec/${ending}_spec.rb`, texts: inRuby, others: {} },
];
