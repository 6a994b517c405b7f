import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';

const project = await aRunningProject({ slots: 1 });
const MOCHARC = { '.mocharc.json': '{"spec":"*.js","ignore":["shared.js"]}' };
const suite = { framework: 'mocha', include: ['*.js'], command: undefined, order: 'path', maxInFlight: 1, retries: 2 };
beforeAll(async () => {
  await symlink(path.join(import.meta.dirname, '../../node_modules'), path.join(project.root, 'node_modules'));
});

const compare = (...args: string[]) => runCli(['doctor', '--warm', ...args], { cwd: project.root });

test('a suite that says the same both ways', async () => {
  const red = "it('is red', () => { throw new Error('no'); });";
  await project.addSuite('same', { 'a.js': "it('one', () => {}); it('two', () => {});", 'b.js': red, ...MOCHARC }, suite);
  const { exitCode, stdout } = await compare('--suite', 'same');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    /a process for each file +2 +2 +1 +0 .*\nwarm sessions +2 +2 +1 +0 .*\nEvery file has the same result in both\.\n/,
  );
});

test('a file that depends on others is named, with what each way says of it', async () => {
  const files = {
    'a.js': "it('counts', () => { require('./shared').n += 1; });",
    'b.js': "it('wants nobody before it', () => { if (require('./shared').n > 0) throw new Error('somebody was here'); });",
    'shared.js': 'exports.n = 0;',
  };
  await project.addSuite('differs', { ...files, ...MOCHARC }, suite);
  const { exitCode, stdout } = await compare('--suite', 'differs');
  expect(exitCode).toBe(1);
  expect(stdout).toContain(
    'They differ in 1 of 2 files:\n  b.js: passed with 1 passed, 0 failed, 0 skipped by itself, flaky with 1 passed, 0 failed, 0 skipped in warm sessions (RedAfterOthers: ',
  );
  const json = JSON.parse((await compare('--suite', 'differs', '--json')).stdout);
  expect(json).toMatchObject({
    schemaVersion: 1,
    suites: [
      {
        suite: 'differs',
        cold: { totals: { passed: 2, flaky: 0 } },
        warm: { totals: { passed: 1, flaky: 1 } },
        differences: [{ path: 'b.js', cold: { verdict: 'passed' }, warm: { verdict: 'flaky' } }],
      },
    ],
  });
});

test('a suite that cannot be judged is not said to be the same', async () => {
  await project.addSuite('broken', { 'a.js': "throw new Error('no config');", '.mocharc.cjs': "throw new Error('no');" }, suite);
  const { exitCode, stdout, stderr } = await compare('--suite', 'broken');
  expect(exitCode).toBe(3);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/broken cannot be compared: .*mocha/);
  await project.addSuite('empty', MOCHARC, { ...suite, include: ['nothing/*.js'] });
  expect(await compare('--suite', 'empty')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('it has no test files'),
  });
});

test('a suite that is not there is said at once', async () => {
  expect(await compare('--suite', 'nowhere')).toMatchObject({ exitCode: 2, stdout: '' });
});
