import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { Framework } from '../../src/frameworks/framework.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { nodeTest } from '../../src/frameworks/node/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { suiteFolder, temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, coldOnce, kindOf, running } from '../support/run-warm.js';

/** What a case leaves behind, and whether the process of its file ends by itself. */
const SITUATIONS: readonly { readonly body: string; readonly staysOpen?: RegExp }[] = [
  { body: "setTimeout(() => { throw new Error('late'); }, 150);" },
  { body: "setTimeout(() => { Promise.reject(new Error('late')); }, 150);" },
  { body: 'setTimeout(() => process.exit(3), 150);' },
  { body: 'setTimeout(() => {}, 150);' },
  { body: "setImmediate(() => { throw new Error('soon'); });" },
  { body: 'process.exitCode = 5;' },
  { body: "process.on('exit', () => { process.exitCode = 3; });" },
  { body: "process.on('exit', () => { throw new Error('at exit'); });" },
  { body: "require('node:http').createServer().listen(0);", staysOpen: /TCPServerWrap/ },
  { body: 'setInterval(() => {}, 1_000);', staysOpen: /Timeout/ },
  { body: "new (require('node:worker_threads').MessageChannel)().port1.on('message', () => {});", staysOpen: /MessagePort/ },
];
const GRACE_MS = 400;
const env = { HOLDFAST_OPEN_GRACE_MS: String(GRACE_MS) };
const stayedOpenOf = ({ end }: FileRun) => ('stayedOpen' in end ? (end.stayedOpen ?? []).join() : '');

describe.each<{ framework: Framework; command: readonly string[]; head: string; it: string }>([
  { framework: mocha, command: [join('node_modules', 'mocha', 'bin', 'mocha.js')], head: '', it: 'it' },
  { framework: nodeTest, command: ['--test'], head: "const { test } = require('node:test');\n", it: 'test' },
])('$framework.name: what a file leaves open has the verdict of the framework', ({ framework, command, head, it }) => {
  const fileOf = (body: string) => `${head}${it}('does it', () => { console.log('pid ' + process.pid); ${body} });\n`;

  const alone = coldOnce();

  test.each(SITUATIONS)('$body', async ({ body, staysOpen }) => {
    const cwd = await temporaryProject({ 'a.test.js': fileOf(''), 'b.test.js': fileOf(body) });
    const byFramework = () =>
      execa(process.execPath, [...command, 'b.test.js'], {
        cwd,
        env: suiteFolder(framework, cwd).env,
        extendEnv: false,
        stdin: 'ignore',
        reject: false,
      });
    const expected = staysOpen || (await byFramework()).exitCode === 0 ? 'passed' : 'failed';
    const inSession = running(cwd, aWarmWorker({ alone }), framework, { env });
    const before = await inSession('a.test.js');
    const runs = [
      await running(cwd, alone, framework, { env })('b.test.js'),
      await inSession('b.test.js'),
      await inSession('b.test.js'),
    ];
    expect(runs.map(kindOf)).toEqual(Array(3).fill(expected));
    for (const run of runs) {
      expect(run.redAfter).toBeUndefined();
      expect(stayedOpenOf(run)).toMatch(staysOpen ?? /^$/);
    }
    expect([before, await inSession('a.test.js')].map(kindOf)).toEqual(['passed', 'passed']);
  });

  test('a file that leaves something open is the first of its session', async () => {
    const cwd = await temporaryProject({ 'b.test.js': fileOf('setInterval(() => {}, 1_000);') });
    const run = await running(cwd, aWarmWorker(), framework, { env })('b.test.js');
    expect([kindOf(run), stayedOpenOf(run)]).toEqual(['passed', expect.stringMatching(/Timeout/)]);
  });
});

test.each([cold, aWarmWorker()])('node:test: what a file does late comes before its end', async (worker) => {
  const server = (rest: string) => `require('node:http').createServer().listen(0);\n${rest}`;
  const wait = 'await new Promise((resolve) => setTimeout(resolve, 800));';
  const files = {
    'red.test.cjs': server(
      "const { test } = require('node:test'); test('a', () => {}); test('b', () => { throw new Error('red'); });",
    ),
    'hook.test.cjs': server(
      `const { after, test } = require('node:test'); test('a', () => {}); after(async () => { ${wait} console.log('the hook has ended'); });`,
    ),
    'defines.test.cjs': server(
      `const { test } = require('node:test'); test('a', () => {}); setTimeout(() => test('b', async () => { ${wait} }), 100);`,
    ),
    'loads.test.mjs': `import { test } from 'node:test'; import { createServer } from 'node:http'; createServer().listen(0);
test('a', () => {}); ${wait} test('b', async () => { ${wait} });`,
  };
  const run = running(await temporaryProject(files), worker, nodeTest, { env });
  const of = async (file: string) => {
    const { end, output } = await run(file);
    return {
      kind: end.kind,
      hook: output.includes('the hook has ended'),
      cases: 'cases' in end ? end.cases.map(({ name, status }) => `${status} ${name.join(' > ')}`) : [],
    };
  };
  expect(await of('red.test.cjs')).toEqual({ kind: 'failed', hook: false, cases: ['passed a', 'failed b'] });
  expect(await of('hook.test.cjs')).toEqual({ kind: 'passed', hook: true, cases: ['passed a'] });
  expect(await of('defines.test.cjs')).toEqual({ kind: 'passed', hook: false, cases: ['passed a', 'passed b'] });
  expect(await of('loads.test.mjs')).toEqual({ kind: 'passed', hook: false, cases: ['passed a', 'passed b'] });
});
