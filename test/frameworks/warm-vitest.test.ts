import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { vitest } from '../../src/frameworks/vitest/adapter.js';
import { expectInOneProcess } from '../support/in-one-process.js';
import { isAlive } from '../support/processes.js';
import { suiteFolder, temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, coldOnce, expectSame, inOneDispatch, kindOf, running, shape } from '../support/run-warm.js';
import { until } from '../support/until.js';
import { VITEST } from './expected/vitest.js';

const fixtures = join(import.meta.dirname, '../fixtures/vitest');
const pidOf = ({ output }: FileRun) => Number(/pid (\d+)/.exec(output)?.[1]);

/** What is red in a session runs alone next, and has the same result whichever session it was. */
const alone = coldOnce();

test('file after file, whatever one does, each has the result that it has in a process of its own', async () => {
  const worker = aWarmWorker({ alone });
  const run = running(fixtures, worker, vitest);
  for (const expected of VITEST) {
    const result = await run(expected.file);
    expectSame(result, expected);
    expect(result.redAfter).toBeUndefined();
  }
  expect(worker.log).toEqual([]);
});

test.each([[[]], [['b.test']]])('lists what vitest lists, told %j, in a process that runs a file then', async (args) => {
  const worker = aWarmWorker();
  const files = {
    'vitest.config.mjs': "export default { test: { include: ['**/*.test.ts'] } };",
    'a.test.ts': "import { test } from 'vitest'; test('a', () => {});",
    'sub/b.test.ts': "import { test } from 'vitest'; test('b', () => {});",
    'c.spec.ts': "import { test } from 'vitest'; test('c', () => {});",
  };
  const cwd = await temporaryProject(files);
  const listed = await worker.listAhead(vitest, cwd, { args });
  expect(listed).toEqual(args.length > 0 ? ['sub/b.test.ts'] : ['a.test.ts', 'sub/b.test.ts']);
  expect(listed).toEqual(await vitest.list(suiteFolder(vitest, cwd, { args })));
  const ran = await running(cwd, worker, vitest, { args })('sub/b.test.ts');
  expect(kindOf(ran)).toBe('passed');
});

test('with auto one lists from the run on after that in which keeping one paid', async () => {
  const worker = aWarmWorker();
  const cwd = await temporaryProject({ 'a.test.ts': "import { test } from 'vitest'; test('a', () => {});" });
  expect(await worker.listAhead(vitest, cwd, { warm: 'auto' })).toBe(null);
  const run = running(cwd, worker, vitest);
  for (const runId of ['one', 'two']) await run('a.test.ts', { warm: 'auto', estimateMs: 5, runId });
  expect(await aWarmWorker({ after: worker }).listAhead(vitest, cwd, { warm: 'auto' })).toEqual(['a.test.ts']);
});

test('where none can be kept the list is left to vitest', async () => {
  const worker = aWarmWorker();
  const config = { 'vitest.config.mjs': "throw new Error('no configuration')", 'a.test.ts': '' };
  expect(await worker.listAhead(vitest, await temporaryProject(config))).toBe(null);
});

test('file after file in one process, isolated, with variables, output and cases of its own', async () => {
  const worker = aWarmWorker();
  const file = (name: string) => `
import { expect, test } from 'vitest';
test.each(['${name}', 'other'])('%s', (name) => {
  expect(globalThis.left).toBeUndefined();
  console.log('pid ' + process.ppid, name, process.env.HOLDFAST_ATTEMPT);
});
test('leaves', () => { globalThis.left = true; process.chdir('/'); process.env.LEFT = '1'; });
test.todo('later');
`;
  const run = running(await temporaryProject({ 'a.test.ts': file('a'), 'b.test.ts': file('b') }), worker, vitest);
  const [a, b] = [await run('a.test.ts'), await run('b.test.ts', { attempt: 2 })];
  expect([a, b].map(kindOf)).toEqual(['passed', 'passed']);
  expect(pidOf(b)).toBe(pidOf(a));
  expect(a.output).toMatch(/ a 1\n/);
  expect(b.output).toMatch(/ b 2\n/);
  expect(b.output).not.toMatch(/ a \d\n/);
  expect(shape(b)).toMatchObject({ counts: { passed: 3, failed: 0, skipped: 1 } });
  const only = await run('b.test.ts', { runId: 'part', selection: { kind: 'only', names: [['b']] } });
  expect(only.end).toMatchObject({ kind: 'passed', left: 3 });
});

test('what a session cannot do is said once', async () => {
  const worker = aWarmWorker();
  const files = {
    'vitest.config.mjs': 'export default { test: { isolate: false, coverage: { enabled: true } } };',
    'a.test.ts': "import { test } from 'vitest'; test('a', () => {});",
  };
  const run = running(await temporaryProject(files), worker, vitest);
  await run('a.test.ts');
  await run('a.test.ts');
  expect(worker.log).toEqual([expect.stringMatching(/a process of its own: without isolation, coverage is/)]);
});

test('types are checked once, for all type tests of a session', async () => {
  const worker = aWarmWorker();
  const types = (of: string) =>
    `import { expectTypeOf, test } from 'vitest';\ntest('x', () => { expectTypeOf(${of}).toBeNumber(); });\n`;
  const cwd = await temporaryProject({
    'vitest.config.mjs': "export default { test: { typecheck: { enabled: true, checker: './check.sh' } } };",
    'check.sh': '#!/bin/sh\necho once >>log\nexec node_modules/.bin/tsc "$@"\n',
    'tsconfig.json': JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, module: 'nodenext', skipLibCheck: true, types: [] },
    }),
    'package.json': '{ "type": "module" }',
    'a.test-d.ts': types('1'),
    'b.test.ts': "import { test } from 'vitest'; test('b', () => {});",
    'c.test-d.ts': types("'1'"),
    'd.test-d.ts': types('2'),
  });
  await chmod(join(cwd, 'check.sh'), 0o755);
  const runs = await inOneDispatch(running(cwd, worker, vitest), ['a.test-d.ts', 'b.test.ts', 'd.test-d.ts', 'c.test-d.ts']);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed', 'passed', 'failed']);
  expect(runs.map((run) => shape(run).counts)).toEqual([GREEN, GREEN, GREEN, RED]);
  expect((await readFile(join(cwd, 'log'), 'utf8')).trim().split('\n')).toHaveLength(2); // And once for the red one by itself.
  expect(worker.log).toEqual([]);
});

const GREEN = { passed: 1, failed: 0, skipped: 0 };
const RED = { passed: 0, failed: 1, skipped: 0 };

test('what global setup has set up is torn down once, also when a file was red, and nothing stays in the temporary folder', async () => {
  const worker = aWarmWorker();
  const noting = (what: string) => `appendFileSync('log', '${what}\\n')`;
  const cwd = await temporaryProject({
    'vitest.config.mjs': "export default { test: { globalSetup: './setup.mjs' } };",
    'setup.mjs': `import { appendFileSync } from 'node:fs'; export default () => { ${noting('up')}; return () => ${noting('down')}; };`,
    'a.test.ts': "import { test } from 'vitest'; test('a', () => {});",
    'b.test.ts': "import { test } from 'vitest'; test('b', () => {});",
    'c.test.ts': "import { test } from 'vitest'; test('c', () => { throw new Error(); });",
    'tmp/.keep': '',
  });
  const run = running(cwd, worker, vitest, { env: { TMPDIR: join(cwd, 'tmp') } });
  const runs = await inOneDispatch(run, ['a.test.ts', 'b.test.ts']);
  expect(runs.map(kindOf)).toEqual(['passed', 'passed']);
  const log = async () => (await readFile(join(cwd, 'log'), 'utf8')).trim().split('\n');
  expect(await log()).toEqual(['up']);
  await worker.close();
  expect(await log()).toEqual(['up', 'down']);
  const [c] = await inOneDispatch(run, ['c.test.ts', 'a.test.ts']); // Ended while it runs the next file; then c runs alone, then a.
  expect(c && kindOf(c)).toBe('failed');
  await worker.close();
  expect((await log()).slice(2)).toEqual(['up', 'down', 'up', 'down', 'up', 'down']);
  expect(await readdir(join(cwd, 'tmp'))).toEqual(['.keep']);
});

test('at the timeout all its processes are ended', async () => {
  const worker = aWarmWorker();
  const files = {
    'a.test.ts': "import { test } from 'vitest'; test('a', () => {});",
    'b.test.ts': "import { test } from 'vitest'; test('hangs', () => { console.log('pid ' + process.pid); for (;;); });",
  };
  const run = running(await temporaryProject(files), worker, vitest);
  await run('a.test.ts'); // The start of vitest is no part of what the timeout is for.
  const late = await run('b.test.ts', { timeoutMs: 5_000 });
  expect(late.end).toMatchObject({ kind: 'timedOut' });
  await until('no process is left', async () => !(await isAlive(pidOf(late))));
});

test('of several that are asked for at once each has the result that it has in a process of its own', async () => {
  const files = VITEST.map(({ file }) => file);
  const results = await inOneDispatch(running(fixtures, aWarmWorker({ alone }), vitest), files);
  for (const [index, expected] of VITEST.entries()) expectSame(results[index] as FileRun, expected);
});

const writing = (name: string) => `
import { appendFileSync } from 'node:fs';
import { test } from 'vitest';
test.each([1, 2, 3])('${name} %d', () => { console.log('in ${name}'); appendFileSync('diary', process.ppid + ' ' + process.env.HOLDFAST_FILE + ' ${name}\\n'); });
`;

test.each([
  ['isolated', {}],
  ['not isolated', { 'vitest.config.mjs': 'export default { test: { isolate: false } };' }],
])(
  '%s, several that are asked for at once all run in one process, in their order, with names, output and times of their own',
  async (_, config) => {
    const files = { 'a.test.ts': writing('a'), 'b.test.ts': writing('b'), 'c.test.ts': writing('c') };
    await expectInOneProcess(aWarmWorker(), vitest, { ...config, ...files });
  },
);
