import { describe, expect, test } from 'vitest';
import type { AttemptRecord } from '../../src/core/model/attempt.js';
import type { PlannedFile } from '../../src/core/model/suite.js';
import {
  type Circumstances,
  endingWhenStopped,
  type FileProgress,
  newProgress,
  nextTurn,
} from '../../src/core/schedule/next-turn.js';
import { preferredFor, preferredWorker } from '../../src/core/schedule/preferred-worker.js';
import { anOutcome, LOST } from '../reporters/samples.js';

const FILE: PlannedFile = { path: 'a.test.ts', repeat: 1, estimateMs: null };
const CIRCUMSTANCES: Circumstances = { budget: { maxAttempts: 2, maxLosses: 1 }, retryLimit: 7, secondLook: true };
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

const GRANTED = { kind: 'granted', look: 'alone' } as const;

describe('the second look at a file that was red beside others', () => {
  const beside: AttemptRecord = { ...red, outcome: { ...anOutcome('failed'), beside: ['b.ts', 'c.ts'] } };
  const alone = (kind: 'passed' | 'failed'): AttemptRecord => ({ ...red, outcome: { ...anOutcome(kind), alone: true } });
  const clash = { kind: 'address', what: 'port 3000', holder: 'b.ts' } as const;
  const atPort: AttemptRecord = { ...beside, outcome: { ...beside.outcome, clash } as AttemptRecord['outcome'] };
  const noRetries = { budget: { maxAttempts: 1, maxLosses: 1 } };
  const shielded: PlannedFile = { ...FILE, quarantine: { cases: null, reason: 'slow', isExpired: false } };

  test.each<[string, Partial<FileProgress>, Partial<Circumstances>, object]>([
    ['is asked for', { attempts: [beside] }, noRetries, { kind: 'askForLook', look: 'alone' }],
    ['comes after the retries', { attempts: [beside] }, {}, { kind: 'askForRetry', nth: 1 }],
    ['comes when they are used up', { attempts: [red, beside], retriesGranted: 1 }, {}, { kind: 'askForLook', look: 'alone' }],
    [
      'is no retry',
      { attempts: [beside], look: GRANTED },
      noRetries,
      { kind: 'dispatch', dispatch: 2, attempt: 2, isRetry: false, look: 'alone' },
    ],
    [
      'is made again after a loss',
      { attempts: [beside, lost], look: GRANTED },
      noRetries,
      { kind: 'dispatch', dispatch: 3, attempt: 2, isRetry: false, look: 'alone' },
    ],
    ['is not for a file that ran alone', { attempts: [red] }, noRetries, { kind: 'done', verdict: 'failed' }],
    [
      'is not made where it is off',
      { attempts: [beside] },
      { ...noRetries, secondLook: false },
      { kind: 'done', verdict: 'failed' },
    ],
    [
      'is not made where refused',
      { attempts: [beside], look: { kind: 'refused' } },
      noRetries,
      { kind: 'done', verdict: 'failed' },
    ],
    ['is the last word, with retries left', { attempts: [beside, alone('failed')] }, {}, { kind: 'done', verdict: 'failed' }],
    [
      'is not needed in quarantine',
      { attempts: [beside], file: shielded },
      noRetries,
      { kind: 'done', verdict: 'quarantined', reason: 'Quarantined: slow' },
    ],
    [
      'finds a collision',
      { attempts: [beside, alone('passed')], look: GRANTED },
      noRetries,
      {
        kind: 'done',
        verdict: 'flaky',
        reason: 'Collides: red while b.ts, c.ts ran beside it, green with the machine to itself',
      },
    ],
    [
      'says over what',
      { attempts: [atPort, alone('passed')], look: GRANTED },
      noRetries,
      {
        kind: 'done',
        verdict: 'flaky',
        reason: 'Collides: red while b.ts, c.ts ran beside it (port 3000 was in use by b.ts), green with the machine to itself',
      },
    ],
  ])('%s', (_, progress, circumstances, expected) => {
    expect(next(progress, circumstances)).toEqual(expected);
  });

  test.each<[FileProgress['look'], Circumstances['ending'], object]>([
    [{ kind: 'none' }, undefined, { verdict: 'notRun', reason: 'SuiteStopped' }],
    [{ kind: 'asked', look: 'alone' }, undefined, { verdict: 'failed' }],
    [GRANTED, undefined, { verdict: 'failed' }],
    [{ kind: 'asked', look: 'alone' }, { verdict: 'skipped' }, { verdict: 'skipped' }],
  ])('in a run that is stopped: %o, %o', (look, ending, expected) => {
    const progress = { ...newProgress(FILE), attempts: [beside], look };
    expect(endingWhenStopped(progress, { ...CIRCUMSTANCES, ending }, 'SuiteStopped')).toEqual(expected);
  });

  test('prefers the machine on which the file was red', () => {
    const look = { isRetry: false, look: 'alone' } as const;
    expect(preferredFor(look, [beside, lost], ['two/1', 'one/1'])).toBe('one/1');
    expect(preferredFor(look, [beside], ['two/1'])).toBeUndefined();
    expect(preferredFor({ isRetry: true }, [beside], ['two/1', 'one/1'])).toBe('two/1');
    expect(preferredFor({ isRetry: false }, [beside], ['one/1'])).toBeUndefined();
  });
});

describe('the look at a red file in company', () => {
  const inCompany = (kind: 'passed' | 'failed'): AttemptRecord => ({
    ...red,
    outcome: { ...anOutcome(kind), after: ['a.py', 'b.py'] },
  });
  const beside: AttemptRecord = { ...red, outcome: { ...anOutcome('failed'), beside: ['b.py'] } };
  const alone: AttemptRecord = { ...red, outcome: { ...anOutcome('failed'), alone: true } };
  const circumstances = { budget: { maxAttempts: 1, maxLosses: 1 }, mayNeedCompany: true };
  const look = { kind: 'granted', look: 'company' } as const;

  test.each<[string, Partial<FileProgress>, object]>([
    ['is asked for if it ran alone', { attempts: [red] }, { kind: 'askForLook', look: 'company' }],
    ['comes after the one by itself', { attempts: [beside] }, { kind: 'askForLook', look: 'alone' }],
    [
      'has to be granted for itself',
      { attempts: [beside, alone], look: { kind: 'granted', look: 'alone' } },
      { kind: 'askForLook', look: 'company' },
    ],
    ['is dispatched', { attempts: [red], look }, { kind: 'dispatch', dispatch: 2, attempt: 2, isRetry: false, look: 'company' }],
    [
      'is made again after a loss',
      { attempts: [red, lost], look },
      { kind: 'dispatch', dispatch: 3, attempt: 2, isRetry: false, look: 'company' },
    ],
    ['is the last word', { attempts: [red, inCompany('failed')], look }, { kind: 'done', verdict: 'failed' }],
    [
      'says after what it is green',
      { attempts: [red, inCompany('passed')], look },
      { kind: 'done', verdict: 'flaky', reason: 'DependsOnFilesBefore: red by itself, green in one process after a.py, b.py' },
    ],
  ])('%s', (_, progress, expected) => {
    expect(next(progress, circumstances)).toEqual(expected);
  });

  test('is not for a file that cannot need company', () => {
    expect(next({ attempts: [red] }, { ...circumstances, mayNeedCompany: false })).toEqual({ kind: 'done', verdict: 'failed' });
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
