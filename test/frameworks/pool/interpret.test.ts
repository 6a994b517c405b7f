import { describe, expect, test } from 'vitest';
import type { Reading } from '../../../src/frameworks/framework.js';
import { interpret } from '../../../src/frameworks/pool/interpret.js';
import type { Turn } from '../../../src/frameworks/pool/session.js';

const PASSED: Reading = { kind: 'passed', cases: [] };
const FAILED: Reading = { kind: 'failed', cases: [] };
const took = { startedAtMs: 5, durationMs: 100, cpuMs: 40 };
type Answer = Extract<Turn['received'], { kind: 'received' }>['value'];

const answered = (value: Partial<Extract<Answer, { kind: 'exited' }>> = {}): Turn['received'] => ({
  ...took,
  kind: 'received',
  value: { kind: 'exited', file: 'b', exitCode: 0, ...value },
});
const turn = (received: Turn['received'], more: Partial<Turn> = {}): Turn => ({
  received,
  isShared: false,
  waitedForCall: false,
  goesOn: false,
  before: ['a'],
  output: 'said',
  ...more,
});
const shared: Partial<Turn> = { isShared: true, goesOn: true };
const context = (reading: Reading, more: Partial<Parameters<typeof interpret>[1]> = {}) => ({
  isIsolated: false,
  request: { file: 'b', cwd: '/suite', spec: { name: 'mocha' as const, args: [], cwd: '.', env: {} } },
  reportText: undefined,
  read: () => reading,
  ...more,
});

test.each([
  ['green', turn(answered()), context(PASSED), 'counts', true],
  ['green, with others behind it', turn(answered(), shared), context(PASSED), 'counts', true],
  ['green, and left something', turn(answered({ left: ['a server'] })), context(PASSED), 'counts', false],
  ['green, and may still fail', turn(answered({ left: ['a server'], mayStillFail: true })), context(PASSED), 'doubtful', false],
  ['red', turn(answered({ exitCode: 1 })), context(FAILED), 'doubtful', true],
  ['red, while the session goes on', turn(answered({ exitCode: 1 }), shared), context(FAILED), 'doubtful', false],
  ['red in its company', turn(answered({ exitCode: 1 }), shared), context(FAILED, { isCompany: true }), 'counts', true],
  [
    'red in its company, before it began',
    turn(answered({ exitCode: 1, hasBegun: false, isLast: true }), { isShared: true }),
    context(FAILED, { isCompany: true }),
    'doubtful',
    true,
  ],
  ['the session died', turn({ ...took, kind: 'signalled', signal: 'SIGKILL' }), context(FAILED), 'doubtful', false],
  ['it exited', turn({ ...took, kind: 'exited', exitCode: 1 }), context(FAILED), 'doubtful', false],
  ['it could not be started', turn({ ...took, kind: 'notStarted', reason: 'none' }), context(FAILED), 'doubtful', false],
  ['past its timeout', turn({ ...took, kind: 'timedOut', endedBy: 'SIGTERM', timeoutMs: 9 }), context(FAILED), 'counts', false],
  ['without its lease', turn({ ...took, kind: 'aborted' }), context(FAILED), 'counts', false],
  [
    'it cannot',
    turn({ ...took, kind: 'received', value: { kind: 'cannot', reason: 'coverage' } }),
    context(FAILED),
    'cannot',
    false,
  ],
] as const)('%s', (_, ended, circumstances, kind, isReusable) => {
  const { result, isReusable: isKept } = interpret(ended, circumstances);
  expect({ kind: result.kind, isKept }).toEqual({ kind, isKept: isReusable });
});

test.each([
  ['shares a process that is one for all', { isIsolated: false }, {}, ['a']],
  ['has a process of its own for each order', { isIsolated: true }, {}, []],
  ['has that, and shares its order', { isIsolated: true }, shared, ['a']],
] as const)('what is red and %s may be so after others', (_, more, turnOf, after) => {
  expect(interpret(turn(answered({ exitCode: 1 }), turnOf), context(FAILED, more)).result).toMatchObject({
    kind: 'doubtful',
    after,
  });
});

test('what is green and may still fail is not so after others', () => {
  const { result } = interpret(turn(answered({ mayStillFail: true })), context(PASSED));
  expect(result).toEqual({ kind: 'doubtful', after: [], leavesOpen: true });
});

describe('the run that counts', () => {
  const runOf = (ended: Turn, more = {}) => {
    const { result } = interpret(ended, context(PASSED, more));
    return result.kind === 'counts' ? result.run : null;
  };

  test.each([
    ['alone, times are those of the order', turn(answered()), { durationMs: 100, cpuMs: 40 }],
    [
      'among others, only what the answer has is of the file',
      turn(answered({ durationMs: 7 }), shared),
      { durationMs: 7, cpuMs: null },
    ],
    ['what the session knows of the file wins', turn(answered({ durationMs: 7, cpuMs: 6 })), { durationMs: 7, cpuMs: 6 }],
    ['the first of a call pays for it', turn(answered({ durationMs: 70 }), { ...shared, waitedForCall: true }), { callMs: 30 }],
    ['a session may know what its call takes', turn(answered({ durationMs: 70, callMs: 9 }), shared), { callMs: 9 }],
  ] as const)('%s', (_, ended, expected) => {
    expect(runOf(ended)).toMatchObject(expected);
  });

  test('a signal is named, whoever tells of it', () => {
    const value = { kind: 'signalled', file: 'b', signal: 9 } as const;
    expect(runOf(turn({ ...took, kind: 'received', value }))).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });

  test.each([
    ['the answer', undefined, 'of the answer'],
    ['its own file, and there is none', null, null],
    ['its own file', 'of the file', 'of the file'],
  ] as const)('its report is that of %s', (_, reportText, expected) => {
    let seen: string | null | undefined;
    const read = (evidence: { reportText: string | null }) => {
      seen = evidence.reportText;
      return PASSED;
    };
    runOf(turn(answered({ report: 'of the answer' })), { reportText, read });
    expect(seen).toBe(expected);
  });
});

test('the duration of a file alone in its call is the one its report tells, and the rest is the call’s', () => {
  const { result } = interpret(turn(answered()), context({ ...PASSED, ownMs: 30 }));
  expect(result).toMatchObject({ kind: 'counts', run: { durationMs: 30, callMs: 70 } });
});
