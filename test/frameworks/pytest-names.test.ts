import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import { asksForCoverage } from '../../src/frameworks/pytest/remarks.js';
import { namesOf } from '../support/expected.js';
import { pytestEnvironment } from '../support/python.js';
import { runFramework, suiteFolder, temporaryProject } from '../support/run-framework.js';

const env = { VIRTUAL_ENV: await pytestEnvironment(), PYTHONDONTWRITEBYTECODE: '1' };

const TWO = 'import pytest\n@pytest.mark.slow\ndef test_one(request): pass\ndef test_two(request): pass\n';
const FILES = {
  'tests/conftest.py': 'def pytest_addoption(parser): parser.addoption("--of-tests")\n',
  'tests/pytest.ini': '[pytest]\naddopts = --no-such-option\n', // Only for who calls pytest on a file below.
  'tests/sub/pytest.ini': '[pytest]\naddopts = --no-such-option\n',
  'tests/sub/test_a.py': TWO,
  'tests/test_b.py': TWO,
  'pkg/__init__.py': '',
  'pkg/shown.py': '"""\n>>> 1\n1\n"""\ndef test_it(): pass\n',
  'pkg/more/__init__.py': '',
  'pkg/more/test_c.py': TWO,
};
const [A, B, C] = ['tests/sub/test_a.py', 'tests/test_b.py', 'pkg/more/test_c.py'];
const both = ['test_one', 'test_two'];

/** What a suite adds to pytest's command line, and what each file then runs. */
test.each<[addopts: string, args: string[], runs: Readonly<Record<string, readonly string[]>>]>([
  ['', [], { [A]: both, [B]: both, [C]: both }],
  ['tests/test_b.py', [], { [B]: both }],
  ['', ['-c', 'pytest.ini', 'tests', '--of-tests=1'], { [A]: both, [B]: both }],
  ['', [`${A}::test_two`, 'pkg'], { [A]: ['test_two'], [C]: both }],
  ['', ['-c', 'pytest.ini', `${A}::test_two`, `${B}::test_one`, `${B}::test_two`, 'tests/sub'], { [A]: both, [B]: both }],
  ['', ['--pyargs', 'pkg.more', 'pkg/more/test_c.py::test_one'], { [C]: both }],
  ['', ['--pyargs', 'pkg.more.test_c::test_one'], { [C]: ['test_one'] }],
  ['', ['-k', 'one', '--ignore=tests/sub'], { [B]: ['test_one'], [C]: ['test_one'] }],
  ['', ['-m', 'not slow', `--deselect=${C}`], { [A]: ['test_two'], [B]: ['test_two'] }],
  ['', ['-o', 'testpaths=pkg'], { [C]: both }],
  ['--doctest-modules', ['pkg'], { 'pkg/shown.py': ['pkg.shown'], [C]: both }],
  ['', ['pkg/shown.py'], { 'pkg/shown.py': ['test_it'] }],
])(
  'addopts = %s, arguments %j: the names choose what is listed, and a file runs what is its own',
  async (addopts, args, runs) => {
    const ini = `[pytest]\naddopts = ${addopts}\nmarkers = slow\n`;
    const folder = suiteFolder(pytest, await temporaryProject({ ...FILES, 'pytest.ini': ini }), { args, env });
    expect(await pytest.list(folder)).toEqual(Object.keys(runs).sort());
    for (const [file, names] of Object.entries(runs)) {
      const { reading, output } = await runFramework(pytest, folder, file);
      expect({ file, names: namesOf(reading.cases), output }).toEqual({
        file,
        names: names.map((name) => `passed ${name}`),
        output,
      });
    }
  },
);

test('a name outside of the suite, or that is nowhere, is refused before anything starts', async () => {
  const cwd = await temporaryProject({ 'pytest.ini': '[pytest]\n', 'suite/test_a.py': TWO });
  const other = join(cwd, 'other/test_b.py');
  await mkdir(dirname(other), { recursive: true });
  await writeFile(other, TWO);
  const list = (name: string) => pytest.list(suiteFolder(pytest, join(cwd, 'suite'), { args: [name], env }));
  await expect(list('../other')).rejects.toMatchObject({
    code: 'LISTING_FAILED',
    what: expect.stringContaining("../other/test_b.py is outside of the suite's folder"),
  });
  await expect(list('nowhere')).rejects.toMatchObject({ what: expect.stringContaining('file or directory not found: nowhere') });
});

test.each([
  ['pytest.ini', '[pytest]\naddopts =\n  -ra\n  --cov=src\ntestpaths = tests\n', true],
  ['pyproject.toml', '[tool.pytest.ini_options]\naddopts = ["-ra", "--cov", "src"]\n', true],
  ['pyproject.toml', '[tool.pytest.ini_options]\naddopts = [\n  "-ra",\n  "--cov",\n]\n', true],
  ['pytest.ini', '[pytest]\naddopts = --cov-report=xml\n', false],
  ['tox.ini', '[pytest]\naddopts = -ra\n[testenv]\ncommands = pytest --cov\n', false],
])('whether pytest-cov measures is known before: %s %j', async (name, text, isMeasured) => {
  expect(await asksForCoverage(suiteFolder(pytest, await temporaryProject({ [name]: text })))).toBe(isMeasured);
});
