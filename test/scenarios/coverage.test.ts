import { existsSync } from 'node:fs';
import { readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';
import { checkReport } from '../support/result.js';

const project = await aRunningProject();
await symlink(path.join(import.meta.dirname, '../../node_modules'), path.join(project.root, 'node_modules'));
await project.write({
  'package.json': JSON.stringify({
    scripts: { test: 'jest --coverage' },
    jest: { coverageReporters: ['json', 'text-summary'], coverageThreshold: { global: { lines: 100 } } },
  }),
  'sign.js': "module.exports = (n) => {\n  if (n > 0) return 'plus';\n  return 'minus';\n};\n",
  'plus.test.js': "test('plus', () => expect(require('./sign.js')(1)).toBe('plus'));\n",
  'minus.test.js': "test('minus', () => expect(require('./sign.js')(-1)).toBe('minus'));\n",
});
const run = async (...words: readonly string[]) => {
  const end = await runCli(['run', '--reporter', 'ci', '--reporter', 'json=report.json', ...words], { cwd: project.root });
  return { ...end, report: await checkReport(await project.read('report.json')) };
};

test('coverage of all files is merged and judged once, and too little of it is a red run with a line of its own', async () => {
  const whole = await run();
  expect(whole.stdout).toContain('Lines        : 100% ( 3/3 )');
  expect(whole.stdout).toMatch(/^Coverage +merged; no threshold is missed/m);
  expect(whole).toMatchObject({ exitCode: 0, report: { run: { status: 'passed', coverage: { verdict: 'met' } } } });
  expect(existsSync(path.join(project.root, 'coverage/coverage-final.json'))).toBe(true);
  expect(await readdir(path.join(project.root, '.holdfast/objects/coverage/jest'))).toEqual([]); // Nothing raw is left.

  const part = await run('plus.test.js', '--warm', 'on');
  expect(part.stdout).toMatch(/^Coverage +coverage is below a threshold of the project/m);
  expect(part).toMatchObject({ exitCode: 1, report: { run: { status: 'failed', exitCode: 1, coverage: { verdict: 'below' } } } });
  const shown = await runCli(['show', '--json'], { cwd: project.root });
  expect(JSON.parse(shown.stdout)).toMatchObject({ run: { status: 'failed', coverage: { verdict: 'below' } } });

  const { stdout: name } = await runCli(['run', '--detach', 'plus.test.js'], { cwd: project.root });
  const attached = await runCli(['attach', name.trim().split('\n').at(-1) ?? ''], { cwd: project.root });
  expect(attached.stdout).toMatch(/^Coverage +coverage is below a threshold of the project/m);
  expect(attached.exitCode).toBe(1);

  const off = await run('plus.test.js', '--no-coverage');
  expect(off).toMatchObject({ exitCode: 0, report: { run: { status: 'passed' } } });
  expect(off.report.run.coverage).toBeUndefined();
});
