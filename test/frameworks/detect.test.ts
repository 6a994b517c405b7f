import { expect, test } from 'vitest';
import { detectFramework } from '../../src/frameworks/index.js';
import { temporaryProject } from '../support/run-framework.js';

const manifest = (content: object) => ({ 'package.json': JSON.stringify(content) });

const UNITTEST = 'import os\nfrom unittest import TestCase\n';

test.each<[string, Record<string, string>, string[]]>([
  ['an empty folder', {}, []],
  ['a dependency', manifest({ devDependencies: { vitest: '4' } }), ['vitest']],
  ['a configuration', { 'vitest.config.mts': '' }, ['vitest']],
  ['jest', manifest({ devDependencies: { jest: '30' } }), ['jest']],
  ['a configuration of jest', { 'jest.config.cjs': '' }, ['jest']],
  ['mocha', manifest({ dependencies: { mocha: '11' } }), ['mocha']],
  ['a configuration of mocha', { '.mocharc.yml': '' }, ['mocha']],
  ['a script of node:test', manifest({ scripts: { test: 'node --test' } }), ['node']],
  ['two at once', manifest({ devDependencies: { jest: '30', mocha: '11' } }), ['jest', 'mocha']],
  ['a configuration of playwright', { 'playwright.config.ts': '' }, ['playwright']],
  ['a browser for other tests', manifest({ devDependencies: { jest: '30', '@playwright/test': '1' } }), ['jest']],
  ['pytest.ini', { 'pytest.ini': '[pytest]\n' }, ['pytest']],
  ['conftest.py', { 'conftest.py': '' }, ['pytest']],
  ['a table of pyproject', { 'pyproject.toml': '[project]\n[tool.pytest.ini_options]\naddopts = "-q"\n' }, ['pytest']],
  ['a dependency of pyproject', { 'pyproject.toml': '[dependency-groups]\ntest = [\n  "pytest>=8",\n]\n' }, ['pytest']],
  ['dependencies on one line', { 'pyproject.toml': '[dependency-groups]\ntest = ["coverage", "pytest"]\n' }, ['pytest']],
  ['a pyproject of something else', { 'pyproject.toml': '[tool.ruff]\nselect = ["PT"] # pytest style\n' }, []],
  ['setup.cfg', { 'setup.cfg': '[metadata]\n[tool:pytest]\n' }, ['pytest']],
  ['tox.ini', { 'tox.ini': '[tox]\n[pytest]\n' }, ['pytest']],
  [
    'a dependency in tox.ini',
    { 'tox.ini': '[testenv]\ndeps =\n    pytest\n    pytest-cov\ncommands =\n    py.test {posargs}\n' },
    ['pytest'],
  ],
  ['its command in tox.ini', { 'tox.ini': '[testenv]\ncommands = pytest --cov\n' }, ['pytest']],
  ['its plugins alone', { 'tox.ini': '[testenv]\ndeps = pytest-runner\n' }, []],
  ['a tox.ini without it', { 'tox.ini': '[tox]\n' }, []],
  ['tests of unittest', { 'test_a.py': UNITTEST }, ['unittest']],
  ['tests of unittest in a package', { 'pkg/__init__.py': '', 'pkg/test_a.py': UNITTEST, 'pkg/test_b.py': '' }, ['unittest']],
  ['tests that unittest does not find by itself', { 'tests/test_a.py': UNITTEST }, []],
  ['tests of nobody', { 'test_a.py': 'def test_a(): pass\n' }, []],
  ['tests of unittest that pytest runs', { 'test_a.py': UNITTEST, 'pytest.ini': '[pytest]\n' }, ['pytest']],
  ['tests of unittest beside some of pytest', { 'test_a.py': UNITTEST, 'test_b.py': 'import pytest\n' }, []],
  ['fixtures of pytest beside them', { 'a/__init__.py': '', 'a/test_a.py': UNITTEST, 'a/conftest.py': '' }, []],
  ['another runner among the requirements', { 'test_a.py': UNITTEST, 'requirements-dev.txt': 'pytest==9\n' }, []],
  ['pytest in tox.ini', { 'test_a.py': UNITTEST, 'tox.ini': '[testenv]\ncommands = pytest tests\n' }, ['pytest']],
  ['Django', { 'test_a.py': UNITTEST, 'manage.py': 'os.environ["DJANGO_SETTINGS_MODULE"] = "a"\n' }, []],
  ['go.mod', { 'go.mod': 'module a\n' }, ['go']],
  ['.rspec', { '.rspec': '--require spec_helper\n' }, ['rspec']],
  ['a Gemfile', { Gemfile: 'source "https://rubygems.org"\ngroup :test do\n  gem "rspec", "~> 3.12"\nend\n' }, ['rspec']],
  ['a Gemfile of Rails', { Gemfile: "gem 'rspec-rails'\n" }, ['rspec']],
  ['a Gemfile without it', { Gemfile: "gem 'minitest' # not rspec\n" }, []],
  ['specs', { 'spec/models/price_spec.rb': '' }, ['rspec']],
  ['specs of another language', { 'spec/price_spec.js': '' }, []],
  ['a module of Maven', { 'pom.xml': '<project/>', 'src/test/java/a/BTest.java': '' }, ['junit']],
  ['a pom for modules', { 'pom.xml': '<project/>' }, []],
  ['several languages', { 'go.mod': 'module a\n', ...manifest({ devDependencies: { vitest: '4' } }) }, ['vitest', 'go']],
])('%s', async (_what, files, found) => {
  expect((await detectFramework(await temporaryProject(files))).map(({ name }) => name)).toEqual(found);
});

const calling = (test: string, files: Record<string, string> = {}) => ({ ...manifest({ scripts: { test } }), ...files });
const call = { place: 'scripts.test', args: [], env: {}, cwd: '.', leftOut: [], unread: [], notRun: [] };

test.each<[script: string, files: Record<string, string>, found: { name: string; call: Partial<typeof call> | object }[]]>([
  ["mocha -r tsx 'src/**/*.spec.ts'", {}, [{ name: 'mocha', call: { args: ['-r', 'tsx', 'src/**/*.spec.ts'] } }]],
  ['mocha test/**/*.js', { 'test/a/b.js': '', 'test/c.js': '' }, [{ name: 'mocha', call: { args: ['test/*/*.js'] } }]],
  ['mocha test/**/*.js', { 'test/c.js': '' }, [{ name: 'mocha', call: { args: ['test/**/*.js'] } }]],
  // Folders: mocha searches those that are named, and would leave out those that its own glob finds.
  ['mocha test/**', { 'test/b/b.js': '', 'test/a/a.js': '' }, [{ name: 'mocha', call: { args: ['test/a', 'test/b'] } }]],
  ['mocha test/**', { 'test/a.js': '', 'test/b.js': '' }, [{ name: 'mocha', call: { args: ['test/*'] } }]],
  [
    'nyc mocha --reporter dot test',
    {},
    [{ name: 'mocha', call: { args: ['test'], leftOut: ['--reporter'], coverageCommand: ['nyc'] } }],
  ],
  ['c8 --all -r lcov npx mocha', {}, [{ name: 'mocha', call: { coverageCommand: ['c8', '--all', '-r', 'lcov'] } }]],
  ['c8 vitest run', {}, [{ name: 'vitest', call: { leftOut: ['c8'] } }]],
  ['jest --config config/jest.unit.js', {}, [{ name: 'jest', call: { args: ['--config', 'config/jest.unit.js'] } }]],
  ['NODE_ENV=x jest --coverage', {}, [{ name: 'jest', call: { env: { NODE_ENV: 'x' }, args: ['--coverage'] } }]],
  [
    'vitest run --config conf/unit.ts --dir unit',
    {},
    [{ name: 'vitest', call: { args: ['--config', 'conf/unit.ts', '--dir', 'unit'] } }],
  ],
  ['vitest --typecheck', {}, [{ name: 'vitest', call: { args: ['--typecheck'] } }]],
  ['mocha a && mocha $(ls b)', {}, [{ name: 'mocha', call: { args: ['a'], unread: ['mocha $(ls b)'] } }]],
  ['tsc -p . && mocha dist', {}, [{ name: 'mocha', call: { args: ['dist'], notRun: ['tsc -p .'] } }]],
  ['mocha a && cd .. && mocha b', {}, [{ name: 'mocha', call: { args: ['a'], unread: ['mocha b'] } }]],
  ['vitest bench', { 'vitest.config.ts': '' }, [{ name: 'vitest', call: {} }]],
  ['node --import tsx --test src/a.spec.ts', {}, [{ name: 'node', call: { args: ['--import', 'tsx', 'src/a.spec.ts'] } }]],
  [
    'cd lib && mocha && jest',
    {},
    [
      { name: 'mocha', call: { cwd: 'lib' } },
      { name: 'jest', call: { cwd: 'lib' } },
    ],
  ],
])('the script %s', async (script, files, found) => {
  const detected = await detectFramework(await temporaryProject(calling(script, files)));
  const isCalled = script !== 'vitest bench';
  expect(detected).toEqual(found.map((one) => ({ ...one, call: isCalled ? { ...call, ...one.call } : null })));
});

test('a package.json that is none is named', async () => {
  const cwd = await temporaryProject({ 'package.json': '{ "scripts": ' });
  await expect(detectFramework(cwd)).rejects.toMatchObject({
    code: 'CONFIG_UNREADABLE',
    what: `${cwd}/package.json is not a valid package.json.`,
  });
  await expect(detectFramework(`${cwd}/nowhere`)).rejects.toMatchObject({ code: 'CONFIG_UNREADABLE' });
});
