import { expect, test } from 'vitest';
import { go } from '../../src/frameworks/go/adapter.js';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import { callIn } from '../../src/frameworks/recipes.js';
import { unittest } from '../../src/frameworks/unittest/adapter.js';
import { suiteFolder, temporaryProject } from '../support/run-framework.js';

const PYTEST = /(?:python3? -m )?pytest/;

test.each([
  ['Makefile', 'test:\n\t@python -m pytest -W error tests\n', 'python -m pytest -W error tests'],
  ['Makefile', 'test:\n\tpytest -v \\\n\t  -k "not slow"\n', 'pytest -v  -k "not slow"'],
  ['Makefile', 'test:\n\tpytest -v\n', null],
  ['Makefile', '# pytest -W error\nlint:\n\tpip install pytest pytest-cov\n', 'pytest pytest-cov'],
  ['tox.ini', '[testenv]\ndeps =\n  pytest >= 7\n  pytest-cov\ncommands = pytest {posargs}\n', null],
  [
    'tox.ini',
    '[testenv]\ncommands =\n  coverage run -m pytest --doctest-modules src {posargs}\n',
    'pytest --doctest-modules src {posargs}',
  ],
  ['tox.ini', '[testenv]\ncommands = pytest -v --tb=short --basetemp={envtmpdir} {posargs}\n', null],
  [
    'noxfile.py',
    'session.install("pytest", "x")\nsession.run(\n  "pytest",\n  "tests",\n  *session.posargs,\n)\n',
    'pytest tests',
  ],
] as const)('%s: %j', (name, text, call) => {
  expect(callIn(name, text, PYTEST)).toBe(call);
});

test.each([
  [pytest, 'pytest -W error', ['-x']],
  [unittest, 'python -m unittest discover -s tests', ['discover']],
  [go, 'go test -race ./...', ['-v']],
])('what a recipe says to $name and a run does not have is told, unless there are arguments', async (framework, call, args) => {
  const cwd = await temporaryProject({ Makefile: `test:\n\t${call}\n` });
  const told = `the words of \`${call}\` in Makefile are not used; those that change what runs belong in \`args\``;
  expect(await framework.remarks?.(suiteFolder(framework, cwd))).toEqual([told]);
  expect(await framework.remarks?.(suiteFolder(framework, cwd, { args }))).toEqual([]);
});
