import { execa } from 'execa';
import stringWidth from 'string-width';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLI, plainEnvironment, runCli, startCli } from '../support/cli.js';
import { type Stack, saying, startStack } from '../support/cluster.js';
import { kill, untilEmpty } from '../support/processes.js';
import { aProject, type Project } from '../support/project.js';
import { CONTROL, framesOf, startOnTerminal, textOf } from '../support/terminal.js';
import { until } from '../support/until.js';

let project: Project;
let stack: Stack;
beforeAll(async () => {
  project = await aProject();
  await project.addSuite('unit', {
    'quick.sh': 'true',
    'red.sh': `printf '\\033[31mred\\033[2J \\a\\n'; exit 1`, // Would clear the screen and ring.
    'slow.sh': 'sleep 2',
  });
  await project.addSuite('gated', { 'a.sh': 'echo here >> diary; while [ ! -e gate ]; do sleep 0.05; done' }, { manual: true });
  stack = await startStack(project);
});
afterAll(async () => {
  await stack?.stop();
  await project.remove();
});

const lastOf = (written: string, code: string) => written.lastIndexOf(code);

/** The view is gone and the cursor is back. */
function expectRestored(written: string): void {
  expect(written).toContain(CONTROL.hideCursor);
  expect(lastOf(written, CONTROL.showCursor)).toBeGreaterThan(lastOf(written, CONTROL.hideCursor));
  expect(framesOf(written).at(-1)?.trim()).toBe(''); // The last drawing wipes.
}

test('on a terminal a live view shows what runs; at its end the cursor is back and the summary stays', async () => {
  const { exitCode, stdout } = await startOnTerminal(['run'], { cwd: project.root, size: [100, 30] });
  expect(exitCode).toBe(1);
  const frames = framesOf(stdout);
  expect(frames.some((frame) => /^ {2}slow\.sh +\S+\/\d+ +[\d.]+ m?s$/m.test(frame))).toBe(true);
  expect(frames.some((frame) => /2 of 3 files · 1 passed · 1 failed/.test(frame))).toBe(true);
  expectRestored(stdout);
  const summary = textOf(stdout.slice(lastOf(stdout, CONTROL.endFrame)));
  expect(summary).toContain('Failed (1)');
  expect(summary).toContain('planned 3 = passed 2 + flaky 0 + failed 1');
  // What a test writes is shown, and cannot do anything to the terminal.
  expect(stdout).not.toContain('\u001b[2J');
  expect(stdout).not.toContain('\u0007');
});

test('a failure is printed above the view while the run goes on', async () => {
  const { stdout } = await startOnTerminal(['run'], { cwd: project.root, size: [100, 30] });
  const told = stdout.indexOf('The command exited with 1.');
  const drawn = stdout.slice(told).split(CONTROL.beginFrame).slice(1);
  expect(drawn.some((frame) => frame.includes('slow.sh'))).toBe(true);
});

test('no line of the view is wider than the terminal, also where only COLUMNS tells its width', async () => {
  const narrow = await startOnTerminal(['run'], { cwd: project.root, size: [30, 12] });
  const told = await startOnTerminal(['run'], { cwd: project.root, env: { COLUMNS: '24' } });
  for (const [{ stdout }, columns] of [[narrow, 30] as const, [told, 24] as const]) {
    const lines = framesOf(stdout).flatMap((frame) => frame.split('\n'));
    expect(lines.some((line) => line.includes('slow.sh'))).toBe(true);
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThan(columns);
    expectRestored(stdout);
  }
});

test('NO_COLOR leaves the colours out and keeps the view', async () => {
  const coloured = await startOnTerminal(['run'], { cwd: project.root, size: [100, 30] });
  const plain = await startOnTerminal(['run'], { cwd: project.root, size: [100, 30], env: { NO_COLOR: '1' } });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: It is what is looked for.
  const colours = /\u001b\[[\d;]*m/;
  expect(coloured.stdout).toMatch(colours);
  expect(plain.stdout).not.toMatch(colours);
  expectRestored(plain.stdout);
});

test.each([
  ['in a CI', { CI: 'true' }],
  ['on a terminal that can do nothing', { TERM: 'dumb' }],
])('%s there is no live view', async (_, env) => {
  const { exitCode, stdout } = await startOnTerminal(['run'], { cwd: project.root, size: [100, 30], env });
  expect(exitCode).toBe(1);
  expect(stdout).not.toContain(CONTROL.hideCursor);
  expect(framesOf(stdout)).toEqual([]);
  expect(textOf(stdout)).toContain('planned 3 = passed 2');
});

test('in a pipe there are no control codes, and a line comes only when something has changed', async () => {
  const { exitCode, stdout, stderr } = await startCli(['run'], { cwd: project.root, env: { TERM: 'xterm-256color' } });
  expect(exitCode).toBe(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: It is what is looked for.
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  const beforeSummary = stdout.slice(0, stdout.indexOf('\nFailed (1)')).split('\n');
  for (const file of ['quick.sh', 'slow.sh']) {
    expect(
      beforeSummary.filter((line) => line.includes(file)),
      file,
    ).toHaveLength(1);
  }
});

test('a terminal of the C locale gets no sign beyond ASCII', async () => {
  const env = { LANG: 'C' };
  const onTerminal = await startOnTerminal(['run'], { cwd: project.root, size: [60, 20], env });
  const inPipe = await runCli(['run'], { cwd: project.root, env });
  const shown = await runCli(['show', '--verbose'], { cwd: project.root, env });
  const plan = await runCli(['run', '--dry-run'], { cwd: project.root, env });
  for (const { stdout } of [onTerminal, inPipe, shown, plan]) {
    expect(stdout).toContain('slow.sh');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: All of ASCII is meant.
    expect(stdout).not.toMatch(/[^\u0000-\u007f]/);
  }
});

test('a reader that leaves does not end the run', async () => {
  await project.addSuite('read', { 'a.sh': 'echo a >> diary', 'b.sh': 'sleep 1; echo b >> diary' }, { manual: true });
  const script = '{ "$NODE" "$CLI" run --suite read; echo $? > code; } | head -1';
  const { stdout } = await execa('sh', ['-c', script], {
    cwd: project.root,
    extendEnv: false,
    env: { ...plainEnvironment(), NODE: process.execPath, CLI },
  });
  expect(stdout.split('\n')).toHaveLength(1);
  expect(await project.lines('code')).toEqual(['0']);
  expect((await project.lines('read/diary')).sort()).toEqual(['a', 'b']);
});

test('Ctrl-C typed on the terminal cancels, and the cursor is back', async () => {
  const run = startOnTerminal(['run', '--suite', 'gated'], { cwd: project.root, size: [80, 24] });
  await until('the file runs', async () => (await project.lines('gated/diary')).length === 1);
  await saying(run, /a\.sh/);
  run.stdin.write('\u0003');
  const { exitCode, stdout } = await run;
  expect(exitCode).toBe(130);
  expect(stdout).toContain('Press Ctrl-C again');
  expectRestored(stdout);
});

test('also when the stack dies under a run, the cursor is back', async () => {
  const other = await aProject();
  try {
    await other.addSuite('unit', { 'a.sh': 'echo here >> diary; sleep 600' });
    const run = startOnTerminal(['run'], { cwd: other.root, size: [80, 24] });
    await until('the file runs', async () => (await other.lines('unit/diary')).length === 1);
    const { pid } = JSON.parse(await other.read('.holdfast/stack.json'));
    kill(Number(pid), 'SIGKILL');
    const { exitCode, stdout } = await run;
    expect(exitCode).toBe(3);
    expect(textOf(stdout)).toContain('[STACK_FAILED]');
    expect(lastOf(stdout, CONTROL.showCursor)).toBeGreaterThan(lastOf(stdout, CONTROL.hideCursor));
    await untilEmpty(other.root);
  } finally {
    await other.remove();
  }
});
