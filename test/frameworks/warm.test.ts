import { accessSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Framework } from '../../src/frameworks/framework.js';
import { go } from '../../src/frameworks/go/adapter.js';
import { jest } from '../../src/frameworks/jest/adapter.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { nodeTest } from '../../src/frameworks/node/adapter.js';
import { pytest } from '../../src/frameworks/pytest/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { vitest } from '../../src/frameworks/vitest/adapter.js';
import { isAlive } from '../support/processes.js';
import { pytestEnvironment } from '../support/python.js';
import { suiteFolder, temporaryProject } from '../support/run-framework.js';
import {
  aWarmWorker,
  cold,
  inOneDispatch,
  kindOf,
  listAhead,
  running,
  said,
  shape,
  type Wish,
  warm,
} from '../support/run-warm.js';
import { until } from '../support/until.js';

const saying = (body: string) => `it('does it', async () => { console.log('pid ' + process.pid); ${body} });\n`;
const GREEN = saying('');
const pidOf = ({ output }: FileRun) => Number(/pid (\d+)/.exec(output)?.[1]);

const MOCHA_FIXTURES = [
  'ok.spec.js',
  'sub/modules.spec.mjs',
  'fail.spec.js',
  'no-tests.spec.js',
  'all-skipped.spec.js',
  'exit-zero.spec.js',
  'syntax-error.spec.js',
  'missing-import.spec.js',
  'nope.spec.js',
  'duplicate-titles.spec.js',
  'hook-fails.spec.js',
  'after-hook-fails.spec.js',
  'unhandled.spec.js',
  'sigkill.spec.js',
];

const JEST_FIXTURES = [
  'ok.test.js',
  'sub/ok.test.js',
  'fail.test.js',
  'no-tests.test.js',
  'all-skipped.test.js',
  'exit-zero.test.js',
  'syntax-error.test.js',
  'missing-import.test.js',
  'nope.test.js',
  'duplicate-titles.test.js',
  'hook-fails.test.js',
  'after-hook-fails.test.js',
  'sigkill.test.js',
];

const VITEST_FIXTURES = [
  'ok.test.ts',
  'sub/ok.test.ts',
  'sub/twin-ok.test.ts',
  'fail.test.ts',
  'no-tests.test.ts',
  'empty-describe.test.ts',
  'all-skipped.test.ts',
  'exit-zero.test.ts',
  'syntax-error.test.ts',
  'missing-import.test.ts',
  'nope.test.ts',
  'duplicate-titles.test.ts',
  'hook-fails.test.ts',
  'after-hook-fails.test.ts',
  'unhandled.test.ts',
  'sigkill.test.ts',
];

const NODE_FIXTURES = [
  'ok.test.mjs',
  'fail.test.cjs',
  'no-tests.test.js',
  'no-tests-but-the-import.test.mjs',
  'script.test.js',
  'script-red.test.js',
  'empty-describe.test.js',
  'all-skipped.test.js',
  'sigkill.test.js',
  'exit-zero.test.js',
  'exit-zero-at-once.test.js',
  'exit-zero-async.test.js',
  'exit-zero-after.test.js',
  'syntax-error.test.js',
  'missing-import.test.js',
  'nope.test.js',
  'duplicate-titles.test.js',
  'hook-fails.test.js',
  'after-hook-fails.test.js',
  'unhandled.test.js',
  'pending-promise.test.js',
];

const PYTEST_FIXTURES = [
  'tests/test_ok.py',
  'tests/test_fail.py',
  'tests/test_no_tests.py',
  'tests/test_all_skipped.py',
  'tests/test_module_skips.py',
  'tests/test_sigkill.py',
  'tests/test_exit_zero.py',
  'tests/test_syntax_error.py',
  'tests/test_missing_import.py',
  'tests/test_nowhere.py',
  'tests/sub/test_below.py',
];

const GO_FIXTURES = [
  'ok',
  '.',
  'external',
  'fail',
  'allskipped',
  'notests',
  'sigkill',
  'exitzero',
  'panics',
  'buildfails',
  'missingimport',
  'nowhere',
];

const JEST_CONFIG = 'module.exports = { watchman: false };';
const testsOf = (project: object) => Object.keys(project).filter((file) => !file.includes('config'));
const aloneBefore = new Map<string, ReturnType<typeof shape>>();

/** What a file of the fixtures is told as in a process of its own. */
async function alone(framework: Framework, file: string, more: Readonly<Record<string, string>> = {}) {
  const key = `${framework.name} ${file}`;
  const known = aloneBefore.get(key) ?? shape(await running(fixturesOf(framework), cold, framework, { env: more })(file));
  aloneBefore.set(key, known);
  return known;
}

function fixturesOf({ name }: Framework): string {
  const folder = join(import.meta.dirname, '../fixtures', name === 'node' ? 'node-test' : name);
  accessSync(folder); // Nothing runs where there is nothing, with and without sessions.
  return folder;
}

test('whatever a file does to mocha, it is told the same as in a process of its own', async () => {
  const together = running(fixturesOf(mocha), warm);
  for (const name of MOCHA_FIXTURES) {
    const told = await together(`test/${name}`);
    expect({ name, ...shape(told) }).toEqual({ name, ...(await alone(mocha, `test/${name}`)) });
    expect(told.redAfter).toBeUndefined();
  }
});

describe('jest, which has an environment for each file', () => {
  const project = (files: Readonly<Record<string, string>>) => temporaryProject({ 'jest.config.js': JEST_CONFIG, ...files });
  test('whatever a file does, it is told the same as in a process of its own', async () => {
    const together = running(fixturesOf(jest), warm, jest);
    for (const file of JEST_FIXTURES) {
      const told = await together(file);
      expect({ file, ...shape(told) }).toEqual({ file, ...(await alone(jest, file)) });
    }
  }, 120_000);

  test('file after file in one process, each with variables, output and globals of its own', async () => {
    const body =
      "console.log('attempt ' + process.env.HOLDFAST_ATTEMPT); expect(globalThis.left).toBe(undefined); globalThis.left = 1;";
    const files = { 'a.test.js': saying(body), 'b.test.js': saying(body), 'c.test.js': GREEN };
    const run = running(await project(files), warm, jest);
    const [a, b, c] = [await run('a.test.js'), await run('b.test.js', { attempt: 2 }), await run('c.test.js')];
    expect([a, b, c].map(kindOf)).toEqual(['passed', 'passed', 'passed']);
    expect(new Set([a, b, c].map(pidOf)).size).toBe(1);
    expect(a.output).toContain('attempt 1');
    expect(b.output).toContain('attempt 2');
    expect(c.output).not.toContain('attempt');
    expect(said).toEqual([]);
  });

  test('some of its cases', async () => {
    const files = { 'a.test.js': "test('one', () => {});\ntest('two', () => {});\n" };
    const run = running(await project(files), warm, jest);
    const only = await run('a.test.js', { selection: { kind: 'only', names: [['two']] } });
    expect('cases' in only.end && only.end.cases.map(({ name }) => name)).toEqual([['two']]);
    const except = await run('a.test.js', { selection: { kind: 'except', names: [['two']] } });
    expect('cases' in except.end && except.end.cases.map(({ name }) => name)).toEqual([['one']]);
  });

  test('what leaves something behind is named, and the next file has a new process', async () => {
    const files = { 'a.test.js': saying("process.chdir('/');"), 'b.test.js': GREEN };
    const run = running(await project(files), warm, jest);
    const [a, b] = [await run('a.test.js'), await run('b.test.js')];
    expect([a, b].map(kindOf)).toEqual(['passed', 'passed']);
    expect(pidOf(b)).not.toBe(pidOf(a));
    expect(said).toEqual([expect.stringMatching(/a\.test\.js leaves something behind .*the working folder is \//)]);
  });

  test('no promise of a file carries the asynchronous storages of the files before it', async () => {
    const body = `
const { AsyncLocalStorage, executionAsyncResource } = require('node:async_hooks');
test('it carries as many as a file by itself', async () => {
  await new AsyncLocalStorage().run(1, async () => {
    await null;
    console.log('carries ' + Object.getOwnPropertySymbols(executionAsyncResource()).length + '.');
  });
});
`;
    const names = ['a.test.js', 'b.test.js', 'c.test.js'];
    const run = running(await project(Object.fromEntries(names.map((name) => [name, body]))), warm, jest);
    const runs = await inOneDispatch(run, names);
    const carried = runs.map(({ output }) => /carries \d+\./.exec(output)?.[0]);
    expect(carried[0]).toBeDefined();
    expect(new Set(carried).size).toBe(1);
  });

  test.each([
    [
      'globalSetup',
      "module.exports = { watchman: false, globalSetup: './setup.js' };",
      /globalSetup or globalTeardown is configured/,
    ],
    ['coverage', 'module.exports = { watchman: false, collectCoverage: true };', /coverage is configured/],
  ])('a configuration with %s needs a process for each file, which is said once', async (_, config, words) => {
    const files = {
      'jest.config.js': config,
      'setup.js': 'module.exports = () => {};',
      'a.test.js': GREEN,
      'b.test.js': GREEN,
    };
    const run = running(await project(files), warm, jest);
    expect([kindOf(await run('a.test.js')), kindOf(await run('b.test.js'))]).toEqual(['passed', 'passed']);
    expect(said).toEqual([expect.stringMatching(words)]);
  });
});

test('file after file in one process, with variables and output of its own', async () => {
  const seen = "console.log('attempt ' + process.env.HOLDFAST_ATTEMPT);";
  const run = running(await temporaryProject({ 'a.js': saying(seen), 'b.js': saying(seen), 'c.js': GREEN }), warm);
  const [a, b, c] = [await run('a.js'), await run('b.js', { attempt: 2 }), await run('c.js')];
  expect([a, b, c].map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(new Set([a, b, c].map(pidOf)).size).toBe(1);
  expect(a.output).toContain('attempt 1');
  expect(b.output).toContain('attempt 2');
  expect(b.output).not.toContain('attempt 1');
  expect(c.output).not.toContain('attempt');
  expect(a.cpuMs).toBeGreaterThanOrEqual(0);
  expect(said).toEqual([]);
});

test('what is written when no file runs is nobody’s: it stands before the next one, which says so', async () => {
  const late = "setTimeout(() => console.log('too late'), 100).unref();"; // It keeps nothing open, so it is no leak.
  const run = running(await temporaryProject({ 'a.js': saying(late), 'b.js': GREEN, 'c.js': GREEN }), warm);
  const a = await run('a.js');
  await delay(500);
  const [b, c] = [await run('b.js'), await run('c.js')];
  expect(new Set([a, b, c].map(pidOf)).size).toBe(1);
  expect(a.output).not.toContain('too late');
  expect(b.output).toMatch(/^\[holdfast: its process wrote this before the file began\]\n.*too late\n.*and this since\]\n.*pid/s);
  expect(c.output).not.toMatch(/too late|holdfast:/);
});

test('a process that dies costs the file that killed it, and no other', async () => {
  const files = { 'a.js': GREEN, 'b.js': saying("process.kill(process.pid, 'SIGKILL');"), 'c.js': GREEN, 'd.js': GREEN };
  const run = running(await temporaryProject(files), warm);
  const [a, b, c, d] = [await run('a.js'), await run('b.js'), await run('c.js'), await run('d.js')];
  expect([a, b, c, d].map(kindOf)).toEqual(['passed', 'crashed', 'passed', 'passed']);
  expect(b).toMatchObject({ signal: 'SIGKILL' });
  expect(pidOf(c)).not.toBe(pidOf(a));
  expect(pidOf(d)).toBe(pidOf(c));
});

test('what is red after others and green by itself is told with those that ran before it', async () => {
  const files = {
    'shared.js': 'exports.count = 0;\n',
    'a.js': saying("require('./shared.js').count += 1;"),
    'b.js': saying("if (require('./shared.js').count > 0) throw new Error('somebody was here');"),
  };
  const run = running(await temporaryProject(files), warm);
  expect(kindOf(await run('a.js'))).toBe('passed');
  expect(await run('b.js')).toMatchObject({ end: { kind: 'passed' }, redAfter: ['a.js'] });
});

test('auto keeps a process where starting one was seen to take a good part of what the file is expected to take', async () => {
  const run = running(await temporaryProject({ 'a.js': GREEN, 'b.js': GREEN, 'c.js': GREEN, 'd.js': GREEN }), warm);
  const auto = (file: string, wish: Wish = {}) => run(file, { warm: 'auto', ...wish });
  const unknown = await auto('a.js', { estimateMs: 5 }); // Nobody has seen a start yet.
  const [kept, again] = [await auto('b.js', { estimateMs: 5 }), await auto('c.js', { estimateMs: 5 })];
  expect(pidOf(again)).toBe(pidOf(kept));
  expect(pidOf(kept)).not.toBe(pidOf(unknown));
  expect(pidOf(await auto('d.js', { estimateMs: 60_000 }))).not.toBe(pidOf(kept));
  expect(pidOf(await auto('d.js'))).not.toBe(pidOf(kept));
});

test('what a start takes is known to the next worker of the machine, if it paid to keep a process', async () => {
  const cwd = await temporaryProject({ 'a.js': GREEN, 'b.js': GREEN });
  const pids = async (estimateMs: number) => {
    const run = running(cwd, aWarmWorker().warm);
    return [pidOf(await run('a.js', { warm: 'auto', estimateMs })), pidOf(await run('b.js', { warm: 'auto', estimateMs }))];
  };
  for (const each of [await pids(60_000), await pids(5)]) expect(new Set(each).size).toBe(2);
  expect(new Set(await pids(5)).size).toBe(1);
  expect(new Set(await pids(60_000)).size).toBe(2);
});

test('another run has processes of its own: what they had loaded may have changed', async () => {
  const cwd = await temporaryProject({ 'a.js': GREEN, 'b.js': GREEN });
  const run = running(cwd, warm);
  const [first, same, other] = [await run('a.js'), await run('b.js'), await run('b.js', { runId: 'two' })];
  expect(pidOf(same)).toBe(pidOf(first));
  expect(pidOf(other)).not.toBe(pidOf(first));
});

test('a file is never run twice in one process', async () => {
  const run = running(await temporaryProject({ 'a.mjs': GREEN }), warm);
  const [first, second] = [await run('a.mjs'), await run('a.mjs')];
  expect([first, second].map(kindOf)).toEqual(['passed', 'passed']);
  expect(pidOf(second)).not.toBe(pidOf(first));
});

describe('what leaves something behind is named, and the next file has a new process', () => {
  test.each([
    ["process.chdir('/');", /the working folder is \//],
    ["process.env.LEFT = '1';", /the environment has changed/],
    ['globalThis.left = 1;', /new globals: left/],
    ['setInterval(() => {}, 1000);', /still open: .*Timeout/],
    ["await new Promise((done) => require('node:net').createServer().listen(0, done));", /still open: .*TCPServerWrap/],
    ["require('node:child_process').spawn('sleep', ['300'], { stdio: 'ignore' });", /still open: .*ProcessWrap/],
  ])('%s', async (body, words) => {
    const run = running(await temporaryProject({ 'a.js': GREEN, 'b.js': saying(body), 'c.js': GREEN }), warm);
    const [a, b, c] = [await run('a.js'), await run('b.js'), await run('c.js')];
    expect([a, b, c].map(kindOf)).toEqual(['passed', 'passed', 'passed']);
    expect(pidOf(b)).toBe(pidOf(a));
    expect(pidOf(c)).not.toBe(pidOf(b));
    expect(said).toEqual([expect.stringMatching(words)]);
    expect(said[0]).toContain('b.js');
    await until('the process that is left over is gone', async () => !(await isAlive(pidOf(b))));
  });
});

test('at the deadline the process is ended, and what runs next has another one', async () => {
  const files = {
    'a.js': saying('await new Promise(() => setInterval(() => {}, 1000));'),
    'b.js': GREEN,
    '.mocharc.json': '{"timeout":0}',
  };
  const run = running(await temporaryProject(files), warm);
  const late = await run('a.js', { timeoutMs: 1_500 });
  expect(late.end).toMatchObject({ kind: 'timedOut', deadline: 'soft', timeoutMs: 1_500 });
  expect(late.durationMs).toBeLessThan(4_000);
  expect(await isAlive(pidOf(late))).toBe(false);
  expect(kindOf(await run('b.js'))).toBe('passed');
});

test('with its lease the process ends', async () => {
  const files = { 'a.js': saying('await new Promise((done) => setTimeout(done, 60000));'), '.mocharc.json': '{"timeout":0}' };
  const cwd = await temporaryProject(files);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 1_500);
  const ended = await running(cwd, warm)('a.js', { signal: stop.signal });
  expect(kindOf(ended)).toBe('aborted');
  expect(await isAlive(pidOf(ended))).toBe(false);
});

test('a configuration that needs a process for each file is said once', async () => {
  const files = { 'a.js': GREEN, 'b.js': GREEN, '.mocharc.json': '{"node-option":["stack-size=900"]}' };
  const run = running(await temporaryProject(files), warm);
  expect([kindOf(await run('a.js')), kindOf(await run('b.js'))]).toEqual(['passed', 'passed']);
  expect(said).toEqual([expect.stringContaining('a process each: mocha is configured with')]);
});

test('a test that writes to the channel, closes it, or prints without end changes nothing', async () => {
  const files = {
    'a.js': saying("try { require('node:fs').writeSync(3, 'nonsense\\n{}\\n'); } catch {}"),
    'b.js': saying("try { require('node:fs').closeSync(3); } catch {}"),
    'c.js': saying("process.stdout.write('x'.repeat(20 * 1024 * 1024));"),
    'd.js': GREEN,
  };
  const cwd = await temporaryProject(files);
  const [byItself, run] = [running(cwd, cold), running(cwd, warm)];
  for (const file of Object.keys(files))
    expect({ file, kind: kindOf(await run(file)) }).toEqual({ file, kind: kindOf(await byItself(file)) });
  const { output } = await run('c.js');
  expect(output.length).toBeLessThan(9 * 1_024 * 1_024);
  expect(output).toContain('bytes of output left out here');
});

test('set-up files and root hooks of the project are heeded for each file', async () => {
  const files = {
    '.mocharc.json': '{"require":["./hooks.js"],"file":["./setup.js"]}',
    'hooks.js': "exports.mochaHooks = { beforeEach() { console.log('hook'); } };\n",
    'setup.js': "before(() => console.log('set up'));\n",
    'a.js': GREEN,
    'b.js': GREEN,
  };
  const run = running(await temporaryProject(files), warm);
  const [a, b] = [await run('a.js'), await run('b.js')];
  expect(pidOf(b)).toBe(pidOf(a));
  for (const { output } of [a, b]) {
    expect(output.match(/hook/g)).toHaveLength(1);
    expect(output.match(/set up/g)).toHaveLength(1);
  }
});

test('the report of a file is complete when its answer comes', async () => {
  const cases = Array.from({ length: 500 }, (_, n) => `it('case ${n}', () => {});`).join('\n');
  const run = running(await temporaryProject({ 'a.js': cases }), warm);
  const { end } = await run('a.js');
  expect('cases' in end ? end.cases : []).toHaveLength(500);
});

describe('pytest, which is forked for each file', () => {
  const python = { VIRTUAL_ENV: '', PYTHONDONTWRITEBYTECODE: '1', GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOPROXY: 'off' };
  beforeAll(async () => {
    python.VIRTUAL_ENV = await pytestEnvironment();
  }, 180_000);

  test('whatever a file does, it is told the same as in a process of its own', async () => {
    const together = running(fixturesOf(pytest), warm, pytest, { env: python });
    for (const file of PYTEST_FIXTURES) {
      const told = await together(file);
      expect({ file, ...shape(told) }).toEqual({ file, ...(await alone(pytest, file, python)) });
    }
    expect(said).toEqual([]);
  }, 120_000);

  test('nothing of a file is left when the next one begins', async () => {
    const first = `
import os, subprocess, sys, random, shared
def test_it():
    print("pid", os.getppid(), os.environ["HOLDFAST_ATTEMPT"])
    shared.count += 1
    assert shared.count == 1
    os.chdir("/")
    os.environ["LEFT"] = "1"
    sys.path.insert(0, "/nowhere")
    child = subprocess.Popen(["sleep", "300"])
    print("child", child.pid, "chance", random.random())
    assert 0
`;
    const files = {
      'shared.py': 'count = 0\n',
      'test_a.py': first,
      'test_b.py': first.replace('os.chdir', 'assert "LEFT" not in os.environ; os.chdir'),
    };
    const run = running(await temporaryProject(files), warm, pytest, { env: python });
    const [a, b] = [await run('test_a.py'), await run('test_b.py', { attempt: 2 })];
    for (const one of [a, b])
      expect(one.end).toMatchObject({ kind: 'failed', cases: [{ message: expect.stringContaining('assert 0') }] });
    expect(pidOf(b)).toBe(pidOf(a));
    expect(/pid \d+ (\d)/.exec(b.output)?.[1]).toBe('2');
    const found = [a, b].map(({ output }) => /child (\d+) chance (\S+)/.exec(output) ?? []);
    expect(found[0]?.[2]).not.toBe(found[1]?.[2]);
    for (const [, child] of found) await until('what it left over is gone', async () => !(await isAlive(Number(child))));
  });

  test('a file that kills everything costs itself alone', async () => {
    const says = 'import os, signal\ndef test_it():\n    print("pid", os.getppid())\n';
    const files = {
      'test_a.py': `${says}    assert 0\n`,
      'test_b.py': `${says}    if "holdfast_pytest_server" in open(f"/proc/{os.getppid()}/cmdline").read():\n        os.kill(os.getppid(), signal.SIGKILL)\n    os.kill(os.getpid(), signal.SIGKILL)\n`,
      'test_c.py': `${says}    assert 0\n`,
    };
    const run = running(await temporaryProject(files), warm, pytest, { env: python });
    const [a, b, c] = [await run('test_a.py'), await run('test_b.py'), await run('test_c.py')];
    expect([a, b, c].map(kindOf)).toEqual(['failed', 'crashed', 'failed']);
    expect(pidOf(c)).not.toBe(pidOf(a));
  });
});

describe('node:test, of which the next process waits', () => {
  const says = (body: string) =>
    `const { test } = require('node:test');\ntest('it', async () => { console.log('pid ' + process.ppid); ${body} });\n`;

  test('whatever a file does, it is told the same as in a process of its own', async () => {
    const together = running(fixturesOf(nodeTest), warm, nodeTest);
    for (const file of NODE_FIXTURES) {
      const told = await together(`test/${file}`);
      expect({ file, ...shape(told) }).toEqual({ file, ...(await alone(nodeTest, `test/${file}`)) });
    }
    expect(said).toEqual([]);
  }, 60_000);

  test('nothing of a file is left when the next one begins, and it is the main module of its process', async () => {
    const file = (name: string) =>
      says(`
  const assert = require('node:assert');
  assert.equal(require.main, module);
  assert.deepEqual(process.argv.slice(1), [__filename]);
  assert.equal(require('node:path').basename(__filename), '${name}');
  assert.deepEqual([process.env.LEFT, globalThis.left, process.cwd()], [undefined, undefined, __dirname]);
  process.env.LEFT = '1'; globalThis.left = 1; process.chdir('/'); setInterval(() => {}, 1000).unref();
  const child = require('node:child_process').spawn('sleep', ['300'], { stdio: 'ignore' });
  child.unref();
  console.log('child ' + child.pid + ' attempt ' + process.env.HOLDFAST_ATTEMPT);`);
    const run = running(
      await temporaryProject({ 'a.test.js': file('a.test.js'), 'b.test.js': file('b.test.js') }),
      warm,
      nodeTest,
    );
    const ran = [await run('a.test.js'), await run('b.test.js', { attempt: 2 }), await run('a.test.js', { attempt: 3 })];
    expect(ran.map(kindOf)).toEqual(['passed', 'passed', 'passed']);
    expect(new Set(ran.map(pidOf)).size).toBe(1);
    const found = ran.map(({ output }) => /child (\d+) attempt (\d)/.exec(output) ?? []);
    expect(found.map(([, , attempt]) => attempt)).toEqual(['1', '2', '3']);
    for (const [, child] of found) await until('what it left over is gone', async () => !(await isAlive(Number(child))));
  });

  test('modules of both kinds, and what the command line loads before them', async () => {
    const files = {
      'load.mjs': "globalThis.loaded = 'before'; process.on('exit', () => console.log('hook is here'));\n",
      'a.test.mjs':
        "import { test } from 'node:test'; import assert from 'node:assert'; test('x', () => assert.equal(loaded, 'before'));\n",
      'b.test.cjs': says("require('node:assert').equal(loaded, 'before');"),
    };
    const run = running(await temporaryProject(files), warm, nodeTest, { args: ['--import', './load.mjs'] });
    const ran = [await run('a.test.mjs'), await run('b.test.cjs')];
    expect(ran.map(kindOf)).toEqual(['passed', 'passed']);
    expect(ran.map(({ output }) => output.split('hook is here').length - 1)).toEqual([1, 1]);
  });

  test('a file that kills what keeps it costs itself alone, and is told as by itself', async () => {
    const files = {
      'a.test.js': says(''),
      'b.test.js': says("process.kill(process.ppid, 'SIGKILL'); await new Promise((done) => setTimeout(done, 300));"),
      'c.test.js': says(''),
    };
    const run = running(await temporaryProject(files), warm, nodeTest);
    const [a, b, c] = [await run('a.test.js'), await run('b.test.js'), await run('c.test.js')];
    expect([a, c].map(kindOf)).toEqual(['passed', 'passed']);
    expect(pidOf(c)).not.toBe(pidOf(a));
    expect(shape(b)).toEqual(shape(await running(await temporaryProject(files), cold, nodeTest)('b.test.js')));
  });

  test('at the deadline the process of the file ends, too', async () => {
    const files = {
      'a.test.js': says("console.log('own ' + process.pid); await new Promise((done) => setTimeout(done, 60_000));"),
    };
    const run = running(await temporaryProject(files), warm, nodeTest);
    const late = await run('a.test.js', { timeoutMs: 1_000 });
    expect(late.end).toMatchObject({ kind: 'timedOut', timeoutMs: 1_000 });
    await until('it is gone', async () => !(await isAlive(Number(/own (\d+)/.exec(late.output)?.[1]))));
  });

  test('a flag for all files together is said once', async () => {
    const files = { 'a.test.js': says(''), 'b.test.js': says('') };
    const run = running(await temporaryProject(files), warm, nodeTest, { args: ['--experimental-test-coverage'] });
    expect([await run('a.test.js'), await run('b.test.js')].map(kindOf)).toEqual(['passed', 'passed']);
    expect(said).toEqual([expect.stringContaining('node is told --experimental-test-coverage, which is for all files together')]);
  });
});

describe('vitest, of which one instance is kept', () => {
  test.each([[[]], [['b.test']]])('lists what vitest lists, told %j, in a process that runs a file then', async (args) => {
    const files = {
      'vitest.config.mjs': "export default { test: { include: ['**/*.test.ts'] } };",
      'a.test.ts': "import { test } from 'vitest'; test('a', () => {});",
      'sub/b.test.ts': "import { test } from 'vitest'; test('b', () => {});",
      'c.spec.ts': "import { test } from 'vitest'; test('c', () => {});",
    };
    const cwd = await temporaryProject(files);
    const listed = await listAhead(vitest, cwd, { args });
    expect(listed).toEqual(args.length > 0 ? ['sub/b.test.ts'] : ['a.test.ts', 'sub/b.test.ts']);
    expect(listed).toEqual(await vitest.list(suiteFolder(vitest, cwd, { args })));
    const ran = await running(cwd, warm, vitest, { args })('sub/b.test.ts');
    expect(kindOf(ran)).toBe('passed');
  });

  test('with auto one lists from the run on after that in which keeping one paid', async () => {
    const cwd = await temporaryProject({ 'a.test.ts': "import { test } from 'vitest'; test('a', () => {});" });
    expect(await listAhead(vitest, cwd, { warm: 'auto' })).toBe(null);
    const run = running(cwd, warm, vitest);
    for (const runId of ['one', 'two']) await run('a.test.ts', { warm: 'auto', estimateMs: 5, runId });
    expect(await aWarmWorker().listAhead(vitest, cwd, { warm: 'auto' })).toEqual(['a.test.ts']);
  });

  test('where none can be kept the list is left to vitest', async () => {
    const config = { 'vitest.config.mjs': "throw new Error('no configuration')", 'a.test.ts': '' };
    expect(await listAhead(vitest, await temporaryProject(config))).toBe(null);
  });

  test('whatever a file does, it is told the same as in a process of its own', async () => {
    const together = running(fixturesOf(vitest), warm, vitest);
    for (const file of VITEST_FIXTURES) {
      const told = await together(file);
      expect({ file, ...shape(told) }).toEqual({ file, ...(await alone(vitest, file)) });
      expect(told.redAfter).toBeUndefined();
    }
    expect(said).toEqual([]);
  }, 180_000);

  test('file after file in one process, isolated, with variables, output and cases of its own', async () => {
    const file = (name: string) => `
import { expect, test } from 'vitest';
test.each(['${name}', 'other'])('%s', (name) => {
  expect(globalThis.left).toBeUndefined();
  console.log('pid ' + process.ppid, name, process.env.HOLDFAST_ATTEMPT);
});
test('leaves', () => { globalThis.left = true; process.chdir('/'); process.env.LEFT = '1'; });
test.todo('later');
`;
    const run = running(await temporaryProject({ 'a.test.ts': file('a'), 'b.test.ts': file('b') }), warm, vitest);
    const [a, b] = [await run('a.test.ts'), await run('b.test.ts', { attempt: 2 })];
    expect([a, b].map(kindOf)).toEqual(['passed', 'passed']);
    expect(pidOf(b)).toBe(pidOf(a));
    expect(a.output).toMatch(/ a 1\n/);
    expect(b.output).toMatch(/ b 2\n/);
    expect(b.output).not.toMatch(/ a \d\n/);
    expect(shape(b)).toMatchObject({ counts: { passed: 3, failed: 0, skipped: 1 } });
    const only = await run('b.test.ts', { runId: 'part', selection: { kind: 'only', names: [['b']] } });
    expect(only.end).toMatchObject({ kind: 'passed', left: 3 });
  }, 60_000);

  test('what a session cannot do is said once', async () => {
    const files = {
      'vitest.config.mjs': 'export default { test: { coverage: { enabled: true } } };',
      'a.test.ts': "import { test } from 'vitest'; test('a', () => {});",
    };
    const run = running(await temporaryProject(files), warm, vitest);
    await run('a.test.ts');
    await run('a.test.ts');
    expect(said).toEqual([expect.stringMatching(/a process each: (coverage is configured|vitest could not be kept)/)]);
  }, 60_000);

  test('at the deadline all its processes are ended', async () => {
    const hangs = "import { test } from 'vitest'; test('hangs', () => { console.log('pid ' + process.pid); for (;;); });";
    const run = running(await temporaryProject({ 'a.test.ts': hangs }), warm, vitest);
    const late = await run('a.test.ts', { timeoutMs: 3_000 });
    expect(late.end).toMatchObject({ kind: 'timedOut' });
    await until('no process is left', async () => !(await isAlive(pidOf(late))));
  }, 60_000);
});

describe('several files are asked for at once, and each is told as by itself', () => {
  const environment = {
    VIRTUAL_ENV: '',
    PYTHONDONTWRITEBYTECODE: '1',
    GOFLAGS: '-mod=mod',
    GOTOOLCHAIN: 'local',
    GOPROXY: 'off',
  };
  beforeAll(async () => {
    environment.VIRTUAL_ENV = await pytestEnvironment();
  }, 180_000);

  test.each([
    [mocha, 'mocha', MOCHA_FIXTURES],
    [jest, 'jest', JEST_FIXTURES],
    [vitest, 'vitest', VITEST_FIXTURES],
    [pytest, 'pytest', PYTEST_FIXTURES],
    [go, 'go', GO_FIXTURES],
  ])(
    '$name',
    async (framework, name, files) => {
      const cwd = join(import.meta.dirname, '../fixtures', name);
      const [alone, together] = [
        running(cwd, cold, framework, { env: environment }),
        running(cwd, warm, framework, { env: environment }),
      ];
      const told = await inOneDispatch(together, files);
      for (const [index, file] of files.entries()) {
        const expected = await alone(file);
        expect({ file, ...shape(told[index] as FileRun) }).toEqual({ file, ...shape(expected) });
      }
    },
    240_000,
  );

  const inPython = (name: string) => `
import os, pytest
@pytest.fixture(scope="module")
def base():
    yield "${name}"
@pytest.mark.parametrize("n", range(3))
def test_${name}(base, n):
    os.write(os.open("diary", os.O_WRONLY | os.O_APPEND | os.O_CREAT), f"{os.getpid()} {os.environ['HOLDFAST_FILE']} {base}\\n".encode())
`;
  const inMocha = (name: string) => `
const { appendFileSync } = require('node:fs');
for (const n of [1, 2, 3]) it('${name} ' + n, () => { console.log('in ${name}'); appendFileSync('diary', process.pid + ' ' + process.env.HOLDFAST_FILE + ' ${name}\\n'); });
`;
  const inTypeScript = (name: string) => `
import { appendFileSync } from 'node:fs';
import { test } from 'vitest';
test.each([1, 2, 3])('${name} %d', () => { console.log('in ${name}'); appendFileSync('diary', process.ppid + ' ' + process.env.HOLDFAST_FILE + ' ${name}\\n'); });
`;
  const CONFIG = 'export default { test: { isolate: false } };';
  test.each([
    ['mocha', mocha, { 'a.js': inMocha('a'), 'b.js': inMocha('b'), 'c.js': inMocha('c') }],
    [
      'jest',
      jest,
      { 'jest.config.js': JEST_CONFIG, 'a.test.js': inMocha('a'), 'b.test.js': inMocha('b'), 'c.test.js': inMocha('c') },
    ],
    ['pytest', pytest, { 'test_a.py': inPython('a'), 'test_b.py': inPython('b'), 'test_c.py': inPython('c') }],
    ['vitest', vitest, { 'a.test.ts': inTypeScript('a'), 'b.test.ts': inTypeScript('b'), 'c.test.ts': inTypeScript('c') }],
    [
      'vitest without isolation',
      vitest,
      {
        'a.test.ts': inTypeScript('a'),
        'b.test.ts': inTypeScript('b'),
        'c.test.ts': inTypeScript('c'),
        'vitest.config.mjs': CONFIG,
      },
    ],
  ] as const)(
    '%s: in one process, in their order, with names, output and times of their own',
    async (_, framework, project) => {
      const cwd = await temporaryProject(project);
      const files = testsOf(project).reverse();
      const startedAt = performance.now();
      const runs = await inOneDispatch(running(cwd, warm, framework, { env: environment }), files);
      const tookMs = performance.now() - startedAt;
      expect(runs.map(kindOf)).toEqual(['passed', 'passed', 'passed']);
      expect(runs.map(({ end }) => ('cases' in end ? end.cases.length : 0))).toEqual([3, 3, 3]);
      const diary = (await readFile(join(cwd, 'diary'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => line.split(' '));
      expect(new Set(diary.map(([pid]) => pid)).size).toBe(1);
      expect(diary.map(([, file]) => file)).toEqual(files.flatMap((file) => [file, file, file]));
      expect(runs.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeLessThanOrEqual(tookMs + 10); // Rounded each.
      if (framework !== pytest) for (const { output } of runs) expect(output.match(/in [abc]/g)).toHaveLength(3);
      if (framework !== pytest) expect(new Set(runs.map(({ output }) => output.match(/in ([abc])/)?.[1])).size).toBe(3);
      expect(said).toEqual([]);
    },
    60_000,
  );

  const inJavaScript = (name: string, how: string) => `
const { appendFileSync } = require('node:fs');
const note = (what) => appendFileSync('diary', what + ' ${name}\\n');
it('runs', () => { note('begins'); return new Promise((resolve) => setTimeout(resolve, 400)).then(() => { note('ends'); ${how} }); });
`;
  const slowPython = (name: string, how: string) => `
import os, time
def note(what):
    os.write(os.open("diary", os.O_WRONLY | os.O_APPEND | os.O_CREAT), f"{what} ${name}\\n".encode())
def test_it():
    note("begins")
    time.sleep(0.4)
    note("ends")
    ${how}
`;
  const failing = "throw new Error('always');";
  test.each([
    ['mocha', mocha, { 'a.js': inJavaScript('a', ''), 'b.js': inJavaScript('b', failing), 'c.js': inJavaScript('c', '') }],
    [
      'jest',
      jest,
      {
        'jest.config.js': JEST_CONFIG,
        'a.test.js': inJavaScript('a', ''),
        'b.test.js': inJavaScript('b', failing),
        'c.test.js': inJavaScript('c', ''),
      },
    ],
    [
      'pytest',
      pytest,
      { 'test_a.py': slowPython('a', ''), 'test_b.py': slowPython('b', 'assert False'), 'test_c.py': slowPython('c', '') },
    ],
  ] as const)('%s: a red one runs by itself while no other does', async (_, framework, project) => {
    const cwd = await temporaryProject(project);
    const runs = await inOneDispatch(running(cwd, warm, framework, { env: environment }), testsOf(project));
    expect(runs.map(kindOf)).toEqual(['passed', 'failed', 'passed']);
    const diary = (await readFile(join(cwd, 'diary'), 'utf8')).trim().split('\n');
    const alone = diary.lastIndexOf('begins b');
    expect(diary.filter((line) => line === 'begins b')).toHaveLength(2);
    expect(diary[alone + 1]).toBe('ends b');
    expect(diary.slice(-2)).toEqual(['begins c', 'ends c']);
  });

  test('what nobody wants any more ends at once', async () => {
    const waits =
      "import time, os\ndef test_it():\n    print(os.getpid())\n    open('pid', 'w').write(str(os.getpid()))\n    time.sleep(300)\n";
    const cwd = await temporaryProject({ 'test_a.py': 'def test_it():\n    pass\n', 'test_b.py': waits });
    const over = new AbortController();
    const run = running(cwd, warm, pytest, { env: environment });
    const first = await run('test_a.py', { ahead: { files: ['test_b.py'], signal: over.signal } });
    expect(kindOf(first)).toBe('passed');
    const pid = await until(
      'the next one has begun',
      async () => Number(await readFile(join(cwd, 'pid'), 'utf8').catch(() => '')) || undefined,
    );
    over.abort();
    await until('its process is gone', async () => !(await isAlive(pid)));
  });
});
