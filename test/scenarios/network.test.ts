import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { keepFreePort } from '../../src/adapters/temporal/free-port.js';
import { runCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';
import { isAlive } from '../support/processes.js';
import { fileOf, runSuite, verdictsOf } from '../support/result.js';

const project = await aRunningProject();
await symlink(path.join(import.meta.dirname, '../../node_modules'), path.join(project.root, 'node_modules'));
const port = await keepFreePort();

/** Listens on the port until the other file does so, too; asks itself through it. */
const meeting = (self: string, other: string) => `
const fs = require('node:fs');
const meet = (done) => require('node:http').createServer((_, answer) => answer.end('${self}')).listen(${port}, '127.0.0.1', async () => {
  const text = await (await fetch('http://127.0.0.1:${port}')).text();
  if (text !== '${self}') throw new Error('that was ' + text);
  fs.writeFileSync('${self}', '');
  const timer = setInterval(() => fs.existsSync('${other}') && (clearInterval(timer), done()), 20);
});`;

test('two files that listen on the same port run side by side and are green', async () => {
  const files = { 'a.js': `${meeting('a', 'b')} meet(process.exit)`, 'b.js': `${meeting('b', 'a')} meet(process.exit)` };
  const suite = { command: ['node', '{file}'], include: ['*.js'], network: 'own', secondLook: true, timeoutMs: 60_000 };
  await project.addSuite('port', files, suite);
  const { report, exitCode, stdout } = await runSuite(project, 'port', ['--fail-on-flaky']);
  expect(verdictsOf(report), stdout).toEqual({ 'a.js': 'passed', 'b.js': 'passed' });
  expect(exitCode).toBe(0);
});

test('so do two in sessions', async () => {
  const file = (self: string, other: string) => `${meeting(self, other)} it('meets', (done) => meet(() => done()));`;
  const suite = { framework: 'mocha', command: undefined, include: ['*.js'], network: 'own', warm: 'on', timeoutMs: 60_000 };
  const files = {
    '.mocharc.json': '{"spec": "*.js", "timeout": 0, "exit": true}',
    'a.js': file('a', 'b'),
    'b.js': file('b', 'a'),
  };
  await project.addSuite('sessions', files, suite);
  const { report, stdout } = await runSuite(project, 'sessions', ['--fail-on-flaky']);
  expect(verdictsOf(report), stdout).toEqual({ 'a.js': 'passed', 'b.js': 'passed' });
});

test('a file at its timeout is ended there, with what it has started', async () => {
  const files = { 'slow.sh': 'sleep 600 & echo $! $$ > pids; wait' };
  await project.addSuite('slow', files, { network: 'own', timeoutMs: 3_000, killGraceMs: 100 });
  const { report, exitCode } = await runSuite(project, 'slow');
  expect(exitCode).toBe(1);
  expect(fileOf(report, 'slow.sh').attempts).toMatchObject([{ outcome: 'timedOut' }]);
  const pids = (await project.read('slow/pids')).trim().split(' ').map(Number);
  expect(pids).toHaveLength(2);
  expect(await Promise.all(pids.map(isAlive))).toEqual([false, false]);
});

test('doctor says that a suite has it', async () => {
  const { stdout } = await runCli(['doctor', '--suite', 'slow'], { cwd: project.root });
  expect(stdout).toMatch(/suite slow .*1 test file, each process with a network of its own/);
});
