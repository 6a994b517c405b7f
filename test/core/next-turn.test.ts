import { describe, expect, test } from 'vitest';
import type { AttemptRecord } from '../../src/core/model/attempt.js';
import type { PlannedFile } from '../../src/core/model/suite.js';
import { type Circumstances, type FileProgress, newProgress, nextTurn } from '../../src/core/schedule/next-turn.js';
import { preferredWorker } from '../../src/core/schedule/preferred-worker.js';
import { anOutcome, LOST } from '../reporters/samples.js';

const FILE: PlannedFile = { path: 'a.test.ts', repeat: 1, estimateMs: null };
const CIRCUMSTANCES: Circumstances = { budget: { maxAttempts: 2, maxLosses: 1 }, retryLimit: 7 };
const passed = record('passed');
const red = record('failed');
const lost: AttemptRecord = { worker: 'gone/1', startedAtMs: 0, outcome: LOST };

function record(kind: 'passed' | 'failed', worker = 'one/1'): AttemptRecord {
  return { worker, startedAtMs: 0, outcome: anOutcome(kind) };
}

function next(progress: Partial<FileProgress>, circumstances: Partial<Circumstances> = {}) {
  return nextTurn({ ...newProgress(FILE), ...progress }, { ...CIRCUMSTANCES, ...circumstances });
}

describe('an attempt', () => {
  test.each<[string, Partial<FileProgress>, object]>([
    ['a fresh file is dispatched', {}, { dispatch: 1, attempt: 1, isRetry: false }],
    [
      'a file whose turn did not come is dispatched under another number',
      { notBegun: 2 },
      { dispatch: 3, attempt: 1, isRetry: false },
    ],
    ['a loss costs no attempt', { attempts: [lost] }, { dispatch: 2, attempt: 1, isRetry: false }],
    ['a granted retry is dispatched', { attempts: [red], retriesGranted: 1 }, { dispatch: 2, attempt: 2, isRetry: true }],
    [
      'a loss after a red attempt needs no further grant',
      { attempts: [red, lost], retriesGranted: 1 },
      { dispatch: 3, attempt: 2, isRetry: false },
    ],
  ])('%s', (_, progress, expected) => {
    expect(next(progress)).toEqual({ kind: 'dispatch', ...expected });
  });

  test('a red file asks the run for a retry', () => {
    expect(next({ attempts: [red] })).toEqual({ kind: 'askForRetry', nth: 1 });
  });
});

describe('a verdict', () => {
  test.each<[string, Partial<FileProgress>, Partial<Circumstances>, object]>([
    ['passed', { attempts: [passed] }, {}, { verdict: 'passed' }],
    ['flaky', { attempts: [red, passed], retriesGranted: 1 }, {}, { verdict: 'flaky' }],
    ['red when its retries are used up', { attempts: [red, red], retriesGranted: 1 }, {}, { verdict: 'failed' }],
    ['an infrastructure error when its losses are', { attempts: [lost, lost] }, {}, { verdict: 'infraError' }],
    [
      'red when the run has no retry left',
      { attempts: [red], isRetryRefused: true },
      {},
      { verdict: 'failed', reason: 'RetriesUsedUp: the run has used up its 7 retries' },
    ],
    [
      'what a person wanted, whatever its attempts say',
      { attempts: [passed] },
      { ending: { verdict: 'skipped', reason: 'SkippedByUser: me' } },
      { verdict: 'skipped', reason: 'SkippedByUser: me' },
    ],
    [
      'quarantined where a person said so',
      { attempts: [red, red], retriesGranted: 1 },
      { quarantinedByUser: 'QuarantinedByUser: me' },
      { verdict: 'quarantined', reason: 'QuarantinedByUser: me' },
    ],
    [
      'green stays green under quarantine',
      { attempts: [passed] },
      { quarantinedByUser: 'QuarantinedByUser: me' },
      { verdict: 'passed' },
    ],
  ])('%s', (_, progress, circumstances, expected) => {
    expect(next(progress, circumstances)).toEqual({ kind: 'done', ...expected });
  });
});

describe('the quarantine', () => {
  const shielded = (quarantine: PlannedFile['quarantine'], attempts: readonly AttemptRecord[]) =>
    next({ file: { ...FILE, ...(quarantine && { quarantine }) }, attempts, retriesGranted: 1 });
  const bothRed = [red, red];

  test.each<[string, PlannedFile['quarantine'], readonly AttemptRecord[], object]>([
    [
      'covers a whole file',
      { cases: null, reason: 'slow', isExpired: false },
      bothRed,
      { verdict: 'quarantined', reason: 'Quarantined: slow' },
    ],
    [
      'no longer covers it when expired',
      { cases: null, reason: 'slow', isExpired: true },
      bothRed,
      { verdict: 'failed', reason: 'QuarantineExpired: slow' },
    ],
    ['covers only the named cases', { cases: ['x'], reason: 'slow', isExpired: false }, bothRed, { verdict: 'failed' }],
    [
      'says when it is not needed',
      { cases: null, reason: 'slow', isExpired: false },
      [passed],
      { verdict: 'passed', reason: 'QuarantineUnneeded: it passed although it is quarantined: slow' },
    ],
  ])('%s', (_, quarantine, attempts, expected) => {
    expect(shielded(quarantine, attempts)).toMatchObject({ kind: 'done', ...expected });
  });
});

describe('the worker a retry prefers', () => {
  test.each<[string, readonly string[], readonly string[], string | undefined]>([
    ['nobody is there', ['a/1'], [], undefined],
    ['only the one that tried it', ['a/1'], ['a/1'], undefined],
    ['another machine before another process of the same', ['a/1'], ['a/1', 'a/2', 'b/1'], 'b/1'],
    ['another process of the same machine', ['a/1'], ['a/1', 'a/2'], 'a/2'],
    ['where all have tried, the one that did first', ['a/1', 'b/1'], ['a/1', 'b/1'], 'a/1'],
  ])('%s', (_, tried, workers, expected) => {
    expect(
      preferredWorker(
        tried.map((worker) => record('failed', worker)),
        workers,
      ),
    ).toBe(expected);
  });
});
