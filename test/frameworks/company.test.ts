import { expect, test } from 'vitest';
import type { TestCase } from '../../src/core/model/cases.js';
import { FRAMEWORKS, factsOf } from '../../src/core/model/frameworks.js';
import type { Framework } from '../../src/frameworks/framework.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import { pytestEnvironment } from '../support/python.js';
import { runFramework, suiteFolder, temporaryProject } from '../support/run-framework.js';

type Project = {
  readonly framework: Framework;
  readonly files: Readonly<Record<string, string>>;
  readonly args: string[];
  readonly env: () => Promise<Record<string, string>>;
};

/** In each project, `a` does what `c` needs, has a red case and a skipped one; `b` is green; `d` cannot be loaded. */
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
    args: ['--bail'],
    env: async () => ({}),
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
    args: ['-x', '-p', 'no:cacheprovider'],
    env: async () => ({ VIRTUAL_ENV: await pytestEnvironment(), PYTHONDONTWRITEBYTECODE: '1' }),
  },
];

test('the facts say which frameworks can', () => {
  expect(FRAMEWORKS.filter((name) => factsOf(name).company)).toEqual(PROJECTS.map(({ framework }) => framework.name));
});

test.each(PROJECTS)(
  '$framework.name runs a file after others in one process, and reports that file',
  async (project) => {
    const { framework, files, args, env } = project;
    const cwd = await temporaryProject(files);
    const folder = suiteFolder(framework, cwd, { args, env: await env() });
    const extension = framework === pytest ? '.py' : '.js';
    const run = async (names: readonly string[]) => {
      const paths = names.map((name) => `test_${name}${extension}`);
      const { reading, evidence, output } = await runFramework(
        framework,
        folder,
        paths.at(-1) ?? '',
        undefined,
        paths.slice(0, -1),
      );
      return { kind: reading.kind, exitCode: evidence.exitCode, cases: reading.cases.map(statusOf), output };
    };
    const twoPassed = ['passed', 'passed'];
    expect(await run(['c'])).toMatchObject({ kind: 'failed' });
    expect(await run(['b', 'c'])).toMatchObject({ kind: 'failed', exitCode: 1, cases: ['failed', 'passed'] });
    expect(await run(['a', 'c'])).toMatchObject({ kind: 'passed', exitCode: 0, cases: twoPassed });
    expect(await run(['b', 'a', 'c'])).toMatchObject({ kind: 'passed', exitCode: 0, cases: twoPassed });
    expect(await run(['c', 'a'])).toMatchObject({ kind: 'failed', exitCode: 1, cases: ['passed', 'failed', 'skipped'] });
    expect(await run(['a', 'd'])).toMatchObject({ kind: 'failed' });
    if (framework === pytest) expect(await run(['d', 'a', 'c'])).toMatchObject({ kind: 'passed', cases: twoPassed });
  },
  60_000,
);

const statusOf = ({ status }: TestCase) => status;
