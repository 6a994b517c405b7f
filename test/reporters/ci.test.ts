import { expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/defaults.js';
import type { FileResult } from '../../src/core/model/suite.js';
import { emptyVerdicts } from '../../src/core/model/totals.js';
import { createCiReporter } from '../../src/reporters/ci.js';
import { aCase, anOutcome, aReport, aResult, aRunView, aTerminal, LOST } from './samples.js';

const passed = (path: string) => aResult(path, 'passed', [anOutcome('passed', [aCase('a')])]);
const failed = (path: string, message = 'expected 1 to be 2') =>
  aResult(path, 'failed', [anOutcome('failed', [aCase('a', 'failed', message)], 'the output\n')]);

test('a run is told once, each file as it ends, and a wait once', async () => {
  const terminal = aTerminal();
  const reporter = createCiReporter(terminal, () => 0);
  const waiting = aRunView({ webUrl: 'http://127.0.0.1:8233/x', waitingFor: 'no worker on holdfast.tests' });
  reporter.update([waiting]);
  reporter.update([waiting]);
  const lost = aResult('b.test.ts', 'passed', [LOST, anOutcome('passed')]);
  const open = aResult('c.test.ts', 'passed', [{ ...anOutcome('passed'), stayedOpen: ['Timeout', 'TCPSERVERWRAP'] }]);
  reporter.update([aRunView({ newlyFinished: [passed('a.test.ts'), lost, open] })]);
  reporter.update([waiting]);
  expect(terminal.text().split('\n')).toEqual([
    'run run-1 of suite unit started',
    'Web UI: http://127.0.0.1:8233/x',
    '10 files planned',
    'waiting: no worker on holdfast.tests',
    'passed       a.test.ts  1.0 s',
    'passed       b.test.ts  1.0 s  lost 1 worker (preempted)',
    'passed       c.test.ts  1.0 s  ended by force: after its last case, its process stayed open with Timeout, TCPSERVERWRAP',
    'waiting: no worker on holdfast.tests',
    '',
  ]);
});

test('nothing new writes nothing', async () => {
  const terminal = aTerminal();
  const reporter = createCiReporter(terminal, () => 0);
  reporter.update([aRunView()]);
  const before = terminal.writes.length;
  reporter.update([aRunView({ running: [{ path: 'a', attempt: 1, worker: 'h/1', elapsedMs: 9, timeoutMs: 600_000 }] })]);
  expect(terminal.writes.length).toBe(before);
});

test('a failure comes with case, message and output', async () => {
  const terminal = aTerminal();
  createCiReporter(terminal, () => 0).update([aRunView({ newlyFinished: [failed('a.test.ts')] })]);
  expect(terminal.text()).toMatch(
    /failed {7}a\.test\.ts {2}1\.0 s {2}1 of 1 case failed\n\s+group › a\n\s+expected 1 to be 2\n\s+output:\n\s+│ the output\n/,
  );
});

test('no control code gets through, whatever tests print and files are called', async () => {
  const terminal = aTerminal({ isTTY: true, colors: true });
  const reporter = createCiReporter(terminal, () => 0);
  const nasty = 'a\u001b[2J\u001b]0;title\u0007b\r\u0008\u009b31mc\u0000\u007f';
  const results = [failed(`x\n${nasty}.test.ts`, nasty), aResult('y', 'failed', [anOutcome('crashed', [], nasty)])];
  reporter.update([aRunView({ runId: nasty, waitingFor: nasty, newlyFinished: results })]);
  await reporter.finish([aReport(results, { problem: nasty })]);
  expect(terminal.text().replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(terminal.text()).toContain('x\\na');
});

test('on a terminal without Unicode every sign of ours is ASCII', async () => {
  const terminal = aTerminal({ unicode: false });
  const reporter = createCiReporter(terminal, () => 0);
  const results = [
    failed('a'),
    aResult('b', 'flaky', [anOutcome('failed'), anOutcome('passed')]),
    aResult('c', 'infraError', [LOST]),
    aResult('d', 'notRun', []),
  ];
  reporter.update([aRunView({ newlyFinished: results })]);
  reporter.note('The suite’s folder… is gone – “here”.');
  await reporter.finish([aReport(results)]);
  expect(terminal.text()).toMatch(/^[\n\x20-\x7e]+$/);
});

test('a large suite names what is red or flaky, and progress in steps', async () => {
  let nowMs = 0;
  const terminal = aTerminal();
  const reporter = createCiReporter(terminal, () => nowMs);
  const planned = DEFAULTS.everyFileNamedUpTo * 2;
  const update = (count: number, newlyFinished: FileResult[]) =>
    reporter.update([
      aRunView({ newlyFinished, progress: { planned, verdicts: { ...emptyVerdicts(), passed: count }, remainingMs: 60_000 } }),
    ]);
  const progressLines = () => terminal.text().match(/^progress: .*/gm) ?? [];

  update(1, [passed('quiet.test.ts'), aResult('quiet.test.ts', 'notRun', [], 2)]);
  update(2, [failed('loud.test.ts')]);
  expect(progressLines()).toEqual([]);
  nowMs += DEFAULTS.progressLine.everyMs;
  update(3, []);
  expect(progressLines()).toEqual([`progress: 3 of ${planned} files, 3 passed, about 30.0 s left`]);
  update(3 + planned * DEFAULTS.progressLine.everyShare, []);
  expect(progressLines()).toHaveLength(2);
  nowMs += DEFAULTS.progressLine.everyMs;
  update(3 + planned * DEFAULTS.progressLine.everyShare, []);
  expect(progressLines()).toHaveLength(2);
  expect(terminal.text()).toContain('loud.test.ts');
  expect(terminal.text()).not.toContain('quiet.test.ts');
});

test('suites side by side carry their name on each line', async () => {
  const terminal = aTerminal();
  createCiReporter(terminal, () => 0).update([
    aRunView({ newlyFinished: [failed('a')] }),
    aRunView({ suite: 'e2e', newlyFinished: [passed('b')] }),
  ]);
  const lines = terminal
    .text()
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('run '));
  expect(lines.every((line) => /^\[(unit|e2e)\] /.test(line))).toBe(true);
});
