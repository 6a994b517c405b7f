import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { DEFAULTS } from '../../src/core/defaults.js';
import type { FileResult } from '../../src/core/model/suite.js';
import { emptyVerdicts } from '../../src/core/model/totals.js';
import { styleOf } from '../../src/render/style.js';
import { createLiveReporter, renderFrame } from '../../src/reporters/live.js';
import { aCase, anOutcome, aReport, aResult, aRunView, aTerminal } from './samples.js';

const running = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    path: `packages/深い/a-rather-long-folder-name/that-goes-on/file-${index}.test.ts`,
    attempt: index === 0 ? 2 : 1,
    worker: `build-machine-${index}.example.internal/${index}`,
    elapsedMs: (count - index) * 1_000,
    timeoutMs: 600_000,
  }));

const busy = (count: number, newlyFinished: FileResult[] = []) =>
  aRunView({
    newlyFinished,
    running: running(count),
    waitingFor: 'a worker: nobody polls the queue holdfast.tests',
    progress: { verdicts: { ...emptyVerdicts(), passed: 3, failed: 1, flaky: 1 }, retries: 2, losses: 1, remainingMs: 30_000 },
  });

test.each([
  [40, true],
  [80, true],
  [200, true],
  [40, false],
  [80, false],
])('at %i columns (unicode %s) no line is wider, and nothing that counts is cut off', (columns, unicode) => {
  const frame = renderFrame([busy(5)], { columns, rows: 24 }, styleOf({ colors: true, unicode }));
  for (const line of frame.split('\n')) expect(stringWidth(line)).toBeLessThan(columns);
  for (const part of ['5 of 10 files', '1 failed', '1 flaky', '2 retries', '1 attempt lost', 'about 15.0 s left', 'attempt 2'])
    expect(frame).toContain(part);
});

test('a wide terminal names the workers, a narrow one keeps the path', () => {
  const style = styleOf({ colors: false, unicode: true });
  expect(renderFrame([busy(1)], { columns: 200, rows: 24 }, style)).toContain('build-machine-0');
  expect(renderFrame([busy(1)], { columns: 40, rows: 24 }, style)).not.toContain('build-machine-0');
});

test.each([1, 2])('as many running files as fit, longest first, the others counted (%i suites)', (suites) => {
  const runs = Array.from({ length: suites }, (_, index) => ({ ...busy(100), suite: `suite-${index}` }));
  const frame = renderFrame(runs, { columns: 100, rows: 24 }, styleOf({ colors: false, unicode: true }));
  expect(frame.split('\n').length).toBeLessThanOrEqual(24);
  expect(frame).toContain('file-0.test.ts');
  const shown = frame.match(/file-\d+\.test/g)?.length ?? 0;
  const hidden = [...frame.matchAll(/(\d+) more running/g)].reduce((sum, [, count]) => sum + Number(count), 0);
  expect(shown + hidden).toBe(100 * suites);
  expect(shown).toBeGreaterThan(4);
});

test('without colours and Unicode a frame is plain ASCII', () => {
  const frame = renderFrame(
    [aRunView({ running: [{ path: 'a/b.test.ts', attempt: 1, worker: 'h/1', elapsedMs: 5, timeoutMs: 600_000 }] })],
    aTerminal(),
    styleOf({ colors: false, unicode: false }),
  );
  expect(frame).toMatch(/^[\n\x20-\x7e]+$/);
});

test('redraws are bounded, but a failure is printed at once, above the view and in full', async () => {
  let nowMs = 0;
  const terminal = aTerminal({ isTTY: true, rows: 10 });
  const reporter = createLiveReporter(terminal, () => nowMs);
  reporter.update([busy(1)]);
  const drawn = terminal.writes.length;
  reporter.update([busy(2)]);
  expect(terminal.writes.length).toBe(drawn);

  const message = Array.from({ length: 15 }, (_, index) => `line ${index}`).join('\n');
  reporter.update([busy(1, [aResult('bad.test.ts', 'failed', [anOutcome('failed', [aCase('a', 'failed', message)])])])]);
  const told = terminal.writes.find((text) => text.includes('bad.test.ts')) ?? '';
  expect(told).toContain('group › a');
  for (let line = 0; line < 15; line += 1) expect(told).toContain(`line ${line}\n`);
  expect(told).toContain('some output');
  expect(terminal.writes.at(-1)).toContain('5 of 10 files');

  const after = terminal.writes.length;
  nowMs += DEFAULTS.redrawIntervalMs;
  reporter.update([busy(3)]);
  expect(terminal.writes.length).toBeGreaterThan(after);
});

test('a note leaves the view in place, and the end replaces it with the summary', async () => {
  const terminal = aTerminal({ isTTY: true });
  const reporter = createLiveReporter(terminal, () => 0);
  reporter.update([busy(1)]);
  reporter.note('Asked the run to cancel.');
  expect(terminal.writes.slice(-2)).toEqual([
    expect.stringContaining('Asked the run to cancel.\n'),
    expect.stringContaining('5 of 10 files'),
  ]);
  await reporter.finish([aReport([])]);
  expect(terminal.writes.at(-1)).toContain('planned 0 =');
});

test('where each run can be seen is said once, while it goes on', async () => {
  let nowMs = 0;
  const terminal = aTerminal({ isTTY: true });
  const reporter = createLiveReporter(terminal, () => nowMs);
  const runs = ['unit', 'e2e'].map((suite) => aRunView({ suite, webUrl: `http://127.0.0.1:8233/${suite}` }));
  reporter.update(runs);
  nowMs += DEFAULTS.redrawIntervalMs;
  reporter.update(runs);
  const told = terminal.writes.join('').match(/Web UI of \w+: \S+\/\w+/g);
  expect(told).toEqual(['Web UI of unit: http://127.0.0.1:8233/unit', 'Web UI of e2e: http://127.0.0.1:8233/e2e']);
});
