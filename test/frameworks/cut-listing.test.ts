import { describe, expect, test } from 'vitest';
import type { FrameworkName } from '../../src/core/model/frameworks.js';
import { frameworkOf } from '../../src/frameworks/index.js';
import { pytestEnvironment } from '../support/python.js';
import { runFramework, suiteFolder, temporaryProject } from '../support/run-framework.js';

// A listing is complete, or an error that names what has cut it. What a test file does as it is loaded concerns that file alone.

type Files = Readonly<Record<string, string>>;

/** A project whose files try to end the listing: `green` stand around them, and each of `cutting` is listed and not green. */
type Project = { readonly green: Files; readonly cutting: Files; readonly others?: Files; readonly args?: string[] };

const LEAVES_JS = {
  exit: 'process.exit(0);\n',
  killed: "process.kill(process.pid, 'SIGKILL');\n",
  missing: "require('./nowhere');\n",
  syntax: 'const = ;\n',
  throws: "throw new Error('not today');\n",
};
const LEAVES_PYTHON: Files = {
  args: 'import argparse\nargparse.ArgumentParser().parse_args(["--nope"])\n',
  exit: 'import sys\nsys.exit(0)\n',
  interrupt: 'raise KeyboardInterrupt\n',
  killed: 'import os\nos.kill(os.getpid(), 9)\n',
  leave: 'import os\nos._exit(0)\n',
  missing: 'import nowhere_to_be_found\n',
  syntax: 'def (:\n',
  throws: 'raise RuntimeError("not today")\n',
};
const LEAVES_RUBY: Files = {
  abort: "abort 'not today'\n",
  exit: 'exit 0\n',
  interrupt: 'raise Interrupt\n',
  killed: "Process.kill('KILL', Process.pid)\nsleep\n",
  leave: 'exit! 0\n',
  missing: "require 'nowhere'\n",
  syntax: 'describe do\n',
  term: "Process.kill('TERM', Process.pid)\nsleep\n",
  throws: "raise 'not today'\n",
};

/** The same text under a name before, between and after all others. */
const around = (nameOf: (name: string) => string, text: string): Files =>
  Object.fromEntries(['a_first', 'j_between', 'z_last'].map((name) => [nameOf(name), text]));
const named = (nameOf: (name: string) => string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [nameOf(name), text]));

const js = (ending: string, green: string, others: Files = {}, leaves: Files = LEAVES_JS): Project => {
  const nameOf = (name: string) => `${name}${ending}`;
  return { green: around(nameOf, green), cutting: named(nameOf, leaves), others: { 'package.json': '{}', ...others } };
};
const python = (green: string, others: Files): Project => {
  const nameOf = (name: string) => `test_${name}.py`;
  return { green: around(nameOf, green), cutting: named(nameOf, LEAVES_PYTHON), others };
};

const IN_GO = (name: string, body: string) => ({ [`${name}/${name}_test.go`]: `package ${name}\n\n${body}` });
const GREEN_GO = 'import "testing"\n\nfunc TestIt(t *testing.T) {}\n';
const ENDS_GO: Files = {
  ...IN_GO('exit', `import (\n\t"os"\n\t"testing"\n)\n\nfunc init() { os.Exit(0) }\n\nfunc TestIt(t *testing.T) {}\n`),
  ...IN_GO(
    'mainexit',
    `import (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) { os.Exit(0) }\n\nfunc TestIt(t *testing.T) {}\n`,
  ),
  ...IN_GO('missing', `import (\n\t_ "example.com/nowhere"\n\t"testing"\n)\n\nfunc TestIt(t *testing.T) {}\n`),
  ...IN_GO('syntax', 'func TestIt(\n'),
};

const PROJECTS: Readonly<Record<Exclude<FrameworkName, 'junit'>, Project>> = {
  mocha: js('.spec.js', "it('is green', () => {});\n", { '.mocharc.json': '{"spec":"*.spec.js","bail":true}' }),
  jest: js('.test.js', "test('is green', () => {});\n", { 'jest.config.js': 'module.exports = { bail: 1, watchman: false };\n' }),
  vitest: js('.test.js', "import { test } from 'vitest';\ntest('is green', () => {});\n", {
    'vitest.config.mjs': 'export default { test: { bail: 1 } };\n',
  }),
  node: js('.test.cjs', "require('node:test').test('is green', () => {});\n"),
  playwright: {
    green: around((name) => `${name}.spec.ts`, "import { test } from '@playwright/test';\ntest('is green', () => {});\n"),
    cutting: {
      'exit.spec.ts': LEAVES_JS.exit,
      'killed.spec.mjs': LEAVES_JS.killed, // An ECMAScript module is loaded in another way.
      'missing.spec.ts': LEAVES_JS.missing,
      'syntax.spec.ts': LEAVES_JS.syntax,
      'throws.spec.ts': LEAVES_JS.throws,
    },
    others: { 'playwright.config.ts': 'export default { maxFailures: 1 };\n' },
  },
  pytest: python('def test_it(): pass\n', { 'pytest.ini': '[pytest]\naddopts = -x --maxfail=1\n' }),
  unittest: {
    ...python('import unittest\nclass A(unittest.TestCase):\n    def test_it(self): pass\n', {}),
    args: ['--failfast'],
  },
  go: {
    green: { ...IN_GO('afirst', GREEN_GO), ...IN_GO('zlast', GREEN_GO) },
    cutting: ENDS_GO,
    others: { 'go.mod': 'module example.com/m\n\ngo 1.18\n' },
    args: ['-failfast'],
  },
  rspec: {
    green: around((name) => `spec/${name}_spec.rb`, "RSpec.describe('it') { it('is green') {} }\n"),
    cutting: named((name) => `spec/${name}_spec.rb`, LEAVES_RUBY),
    others: { '.rspec': '--fail-fast\n' },
  },
  command: js('.sh', 'exit 0\n', {}, { exit: 'exit 1\n', killed: 'kill -9 $$\n', syntax: 'if\n' }),
};

const environment = async (name: FrameworkName): Promise<Record<string, string>> =>
  name === 'pytest' ? { VIRTUAL_ENV: await pytestEnvironment() } : {};
/** What is a test file for Holdfast: the folder of a package, with go. */
const unitsOf = (name: FrameworkName, files: Files) =>
  Object.keys(files).map((path) => (name === 'go' ? path.replace(/\/.*/, '') : path));

const projectOf = async (name: FrameworkName, { green, cutting, others = {}, args = [] }: Project) => {
  const cwd = await temporaryProject({ ...others, ...green, ...cutting });
  const folder = suiteFolder(frameworkOf(name), cwd, { args, env: await environment(name) });
  return name === 'command'
    ? { ...folder, spec: { ...folder.spec, command: ['sh', '{file}'], list: ['sh', '-c', 'ls *.sh'] } }
    : folder;
};

/** What a file comes to that leaves with 0 as it is loaded. go itself says ok of a package that ran no test. */
const AFTER_LEAVING = (name: FrameworkName) => (name === 'go' ? /^(crashed|noTests)$/ : /^(failed|crashed)$/);

describe.each(Object.entries(PROJECTS) as [keyof typeof PROJECTS, Project][])('%s', (name, project) => {
  test('a file that ends what loads it is listed, as all others are', async () => {
    const all = [...unitsOf(name, project.green), ...unitsOf(name, project.cutting)].sort();
    expect(await frameworkOf(name).list(await projectOf(name, project))).toEqual(all);
  });

  test('it is not green, also if it leaves with 0', async () => {
    const folder = await projectOf(name, project);
    for (const file of unitsOf(name, project.cutting).filter((path) => /exit|leave/.test(path))) {
      const { reading, output } = await runFramework(frameworkOf(name), folder, file);
      expect({ file, kind: reading.kind, output }).toEqual({ file, kind: expect.stringMatching(AFTER_LEAVING(name)), output });
    }
  });
});

type Cut = { what: string; name: FrameworkName; files: Files; message: RegExp; list?: string[] };
const cut = (what: string, name: FrameworkName, files: Files, message: RegExp, list?: string[]): Cut => ({
  what,
  name,
  files,
  message,
  ...(list && { list }),
});

const GREEN_PYTEST = {
  'test_a.py': 'def test_it(): pass\n',
  'sub/test_b.py': 'def test_it(): pass\n',
  'pytest.ini': '[pytest]\n',
};
const hook = (name: string, body: string) => ({
  ...GREEN_PYTEST,
  'conftest.py': `import os, sys, pytest\ndef ${name}:\n    ${body}\n`,
});

describe('what concerns more than one file is an error that names it', () => {
  test.each([
    cut('a configuration that leaves', 'mocha', { '.mocharc.cjs': 'process.exit(0);' }, /exited with 0/),
    cut('a configuration that leaves', 'jest', { 'jest.config.js': 'process.exit(0);' }, /exited with 0/),
    cut('a configuration that leaves', 'vitest', { 'vitest.config.mjs': 'process.exit(0);' }, /exited with 0/),
    cut(
      'a configuration that leaves',
      'playwright',
      { 'playwright.config.ts': 'process.exit(0);' },
      /It was loading playwright\.config\.ts\./,
    ),
    cut(
      'a helper that leaves',
      'rspec',
      { '.rspec': '-r ./help', 'help.rb': 'exit! 0\n', 'spec/a_spec.rb': '' },
      /exited with 0/,
    ),
    cut(
      'a helper that raises',
      'rspec',
      { '.rspec': '-r ./help', 'help.rb': 'raise "x"\n', 'spec/a_spec.rb': '' },
      /loading \.\/help/,
    ),
    cut(
      'a package that leaves',
      'unittest',
      { 'p/__init__.py': 'import os\nos._exit(0)\n', 'p/test_a.py': '' },
      /It was loading p\/__init__\.py\./,
    ),
    cut(
      'a package that raises',
      'unittest',
      { 'p/__init__.py': 'raise OSError("x")\n', 'p/test_a.py': '' },
      /p\/__init__\.py cannot be loaded/,
    ),
    cut(
      'a conftest.py of all that leaves',
      'pytest',
      { ...GREEN_PYTEST, 'conftest.py': 'import os\nos._exit(0)\n' },
      /exited with 0/,
    ),
    cut(
      'a conftest.py of all that exits',
      'pytest',
      { ...GREEN_PYTEST, 'conftest.py': 'import sys\nsys.exit(0)\n' },
      /exited with 0/,
    ),
    cut(
      'a conftest.py of some that leaves',
      'pytest',
      { ...GREEN_PYTEST, 'sub/conftest.py': 'import os\nos._exit(0)\n' },
      /It was loading (sub|\.)\./,
    ),
    cut(
      'a conftest.py of some that exits',
      'pytest',
      { ...GREEN_PYTEST, 'sub/conftest.py': 'import sys\nsys.exit(0)\n' },
      /conftest\.py|SystemExit/,
    ),
    cut(
      'a conftest.py of some that raises',
      'pytest',
      { ...GREEN_PYTEST, 'sub/conftest.py': 'raise OSError("no")\n' },
      /sub\/conftest\.py/,
    ),
    cut('a hook that raises', 'pytest', hook('pytest_collection_modifyitems(items)', 'raise OSError("not today")'), /not today/),
    cut('a hook that leaves', 'pytest', hook('pytest_collection_modifyitems(items)', 'os._exit(0)'), /exited with 0/),
    cut(
      'a hook that stops',
      'pytest',
      hook('pytest_itemcollected(item)', 'item.session.shouldstop = "enough"'),
      /Interrupted: enough/,
    ),
    cut('a hook that exits', 'pytest', hook('pytest_itemcollected(item)', 'pytest.exit("enough", 0)'), /enough/),
    cut('a set-up that exits', 'pytest', hook('pytest_sessionstart(session)', 'sys.exit(0)'), /SystemExit|exited with 0/),
    cut(
      'a module that is not there',
      'go',
      { 'go.mod': 'module m\n\nreplace x => ./nowhere\n\nrequire x v1.0.0\n', 'a_test.go': 'package m\n' },
      /nowhere|x@v1/,
    ),
    cut('a list that is killed', 'command', { 'a.sh': '' }, /killed|SIGKILL/, ['sh', '-c', 'echo a.sh; kill -9 $$']),
    cut('a list that fails', 'command', { 'a.sh': '' }, /a\.sh\nIt exited with 3\./, ['sh', '-c', 'echo a.sh; exit 3']),
  ])('$name, $what', async ({ name, files, message, list }) => {
    const cwd = await temporaryProject({ 'package.json': '{}', ...files });
    const folder = suiteFolder(frameworkOf(name), cwd, { env: await environment(name) });
    const own = list ? { ...folder, spec: { ...folder.spec, command: ['sh', '{file}'], list } } : folder;
    const error = { code: 'LISTING_FAILED', what: expect.stringMatching(message) };
    await expect(frameworkOf(name).list(own)).rejects.toMatchObject(error);
  });

  test.concurrent.each<[FrameworkName, Files, string]>([
    ['pytest', { 'pytest.ini': '[pytest]\n', 'test_a.py': '', 'test_b.py': 'import time\ntime.sleep(600)\n' }, 'test_b.py'],
    ['unittest', { 'test_a.py': '', 'test_b.py': 'import time\ntime.sleep(600)\n' }, 'test_b.py'],
    ['rspec', { 'spec/a_spec.rb': '', 'spec/b_spec.rb': 'sleep 600\n' }, 'spec/b_spec.rb'],
  ])('%s: a file that never ends loading', async (name, files, file) => {
    const folder = suiteFolder(frameworkOf(name), await temporaryProject(files), { env: await environment(name) });
    const what = expect.stringContaining(`It was loading ${file}.\nNo answer within 10 s.`);
    await expect(frameworkOf(name).list(folder, { timeoutMs: 10_000 })).rejects.toMatchObject({ code: 'LISTING_FAILED', what });
  });
});
