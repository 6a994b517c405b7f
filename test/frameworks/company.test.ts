import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TestCase } from '../../src/core/model/cases.js';
import { FRAMEWORKS, factsOf } from '../../src/core/model/frameworks.js';
import type { Framework } from '../../src/frameworks/framework.js';
import { junit } from '../../src/frameworks/junit/adapter.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import { rspec } from '../../src/frameworks/rspec/adapter.js';
import { unittest } from '../../src/frameworks/unittest/adapter.js';
import { pytestEnvironment } from '../support/python.js';
import { runFramework, suiteFolder, temporaryProject } from '../support/run-framework.js';

type Project = {
  readonly framework: Framework;
  readonly files: Readonly<Record<string, string>>;
  /** The path of a file by its letter. */
  readonly pathOf: (letter: string) => string;
  /** Stop at the first red case. */
  readonly failFast: string[];
  readonly env: () => Promise<Record<string, string>>;
  /** A file that cannot be loaded keeps no other from running: in the framework's own run it does. */
  readonly runsPastBroken: boolean;
};

const noEnvironment = async () => ({});
const javaTest = (name: string, ...body: readonly string[]) =>
  `package x;\nimport org.junit.jupiter.api.*;\nclass ${name} {\n${body.join('\n')}\n}\n`;
const pythonTest = (...body: readonly string[]) =>
  `import shared, unittest\nclass Test(unittest.TestCase):\n${body.map((line) => `    ${line}\n`).join('')}`;

/**
 * In each project, `a` does what `c` needs, has a red case and a skipped one, and is red when it ends, if the framework knows that; `b` is
 * green; `d` cannot be loaded.
 */
const PROJECTS: readonly Project[] = [
  {
    framework: mocha,
    files: {
      'test_a.js':
        "it('does', () => { globalThis.done = true; }); it('fails', () => { throw new Error('no'); }); it.skip('later');",
      'test_b.js': "it('is green', () => {});",
      'test_c.js': "it('needs it', () => { if (!globalThis.done) throw new Error('not done'); }); it('another', () => {});",
      'test_d.js': 'throw new Error("not loaded")',
    },
    pathOf: (letter) => `test_${letter}.js`,
    failFast: ['--bail'],
    env: noEnvironment,
    runsPastBroken: false,
  },
  {
    framework: pytest,
    files: {
      'shared.py': 'done = False\n',
      'test_a.py':
        'import pytest, shared\ndef test_does(): shared.done = True\ndef test_fails(): assert 0\n@pytest.mark.skip\ndef test_later(): pass\n',
      'test_b.py': 'def test_is_green(): pass\n',
      'test_c.py': 'import shared\ndef test_needs_it(): assert shared.done\ndef test_another(): pass\n',
      'test_d.py': 'import nothing_like_this\n',
    },
    pathOf: (letter) => `test_${letter}.py`,
    failFast: ['-x'],
    env: async () => ({ VIRTUAL_ENV: await pytestEnvironment(), PYTHONDONTWRITEBYTECODE: '1' }),
    runsPastBroken: true,
  },
  {
    framework: unittest,
    files: {
      'shared.py': 'done = False\n',
      'test_a.py': `${pythonTest(
        'def test_does(self): shared.done = True',
        'def test_fails(self): self.fail()',
        '@unittest.skip("later")',
        'def test_later(self): pass',
      )}def tearDownModule(): raise RuntimeError("the end of a")\n`,
      'test_b.py': pythonTest('def test_is_green(self): pass'),
      'test_c.py': pythonTest('def test_needs_it(self): self.assertTrue(shared.done)', 'def test_other(self): pass'),
      'test_d.py': 'import nothing_like_this\n',
    },
    pathOf: (letter) => `test_${letter}.py`,
    failFast: ['-f'],
    env: async () => ({ PYTHONDONTWRITEBYTECODE: '1' }),
    runsPastBroken: true,
  },
  {
    framework: rspec,
    files: {
      '.rspec': '--order random\n',
      'spec/a_spec.rb':
        "describe('a') { it('does') { $done = true }; it('fails') { raise 'no' }; xit('later') {}; after(:context) { raise 'the end of a' } }\n",
      'spec/b_spec.rb': "describe('b') { it('is green') {} }\n",
      'spec/c_spec.rb': "describe('c') { it('needs it') { expect($done).to be(true) }; it('is green') {} }\n",
      'spec/d_spec.rb': "require 'nothing_like_this'\n",
    },
    pathOf: (letter) => `spec/${letter}_spec.rb`,
    failFast: ['--fail-fast'],
    env: noEnvironment,
    runsPastBroken: true,
  },
  {
    framework: junit,
    files: {
      'pom.xml': await readFile(join(import.meta.dirname, '../fixtures/junit/pom.xml'), 'utf8'),
      'src/test/java/x/ATest.java': javaTest(
        'ATest',
        'static boolean done;',
        '@Test void does() { done = true; }',
        '@Test void fails() { Assertions.fail(); }',
        '@Test @Disabled void later() {}',
        '@AfterAll static void end() { throw new IllegalStateException("the end of a"); }',
      ),
      'src/test/java/x/BTest.java': javaTest('BTest', '@Test void isGreen() {}'),
      'src/test/java/x/CTest.java': javaTest(
        'CTest',
        '@Test void needsIt() { Assertions.assertTrue(ATest.done); }',
        '@Test void other() {}',
      ),
      'src/test/java/x/DTest.java': javaTest(
        'DTest',
        '@BeforeAll static void start() { throw new IllegalStateException(); }',
        '@Test void isNotReached() {}',
      ),
    },
    pathOf: (letter) => `src/test/java/x/${letter.toUpperCase()}Test.java`,
    failFast: [],
    env: noEnvironment,
    runsPastBroken: true,
  },
];

test('the facts say which frameworks can', () => {
  expect(FRAMEWORKS.filter((name) => factsOf(name).company)).toEqual(PROJECTS.map(({ framework }) => framework.name));
});

test.each(PROJECTS)(
  '$framework.name runs a file after others in one process, and reports that file',
  async (project) => {
    const { framework, files, pathOf, failFast, env, runsPastBroken } = project;
    const cwd = await temporaryProject(files);
    const environment = await env();
    const run = async (letters: readonly string[], args = failFast) => {
      const folder = suiteFolder(framework, cwd, { args, env: environment });
      const paths = letters.map(pathOf);
      const { reading, evidence, output } = await runFramework(
        framework,
        folder,
        paths.at(-1) ?? '',
        undefined,
        paths.slice(0, -1),
      );
      return { kind: reading.kind, exitCode: evidence.exitCode, cases: reading.cases.map(statusOf).toSorted(), output };
    };
    const twoPassed = ['passed', 'passed'];
    expect(await run(['b', 'c'])).toMatchObject({ kind: 'failed', exitCode: 1, cases: ['failed', 'passed'] });
    expect(await run(['b', 'a', 'c'])).toMatchObject({ kind: 'passed', exitCode: 0, cases: twoPassed });
    const itself = await run(['a'], []);
    expect(itself).toMatchObject({ kind: 'failed', cases: expect.arrayContaining(['failed', 'skipped']) });
    expect(await run(['c', 'a'])).toMatchObject({ kind: 'failed', exitCode: 1, cases: itself.cases });
    expect(await run(['a', 'd'])).toMatchObject({ kind: 'failed' });
    if (runsPastBroken) expect(await run(['d', 'a', 'c'])).toMatchObject({ kind: 'passed', exitCode: 0, cases: twoPassed });
  },
  240_000,
);

const statusOf = ({ status }: TestCase) => status;
