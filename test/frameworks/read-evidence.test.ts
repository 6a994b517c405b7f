import { expect, test } from 'vitest';
import type { TestCase } from '../../src/core/model/cases.js';
import type { FrameworkName } from '../../src/core/model/frameworks.js';
import type { CaseSelection } from '../../src/core/plan/split.js';
import { frameworkOf } from '../../src/frameworks/index.js';
import { readEvidence } from '../../src/frameworks/read-evidence.js';

type Reported = readonly [status: TestCase['status'], ...name: string[]];

/** How cases are judged that a framework reports of a part of a file. */
function judged(name: FrameworkName, selection: CaseSelection, reported: readonly Reported[], message: string | null = null) {
  const cases = reported.map(([status, ...title]): TestCase => ({ name: title, status, durationMs: 1, message }));
  const kind = reported.some(([status]) => status === 'failed') ? 'failed' : 'passed';
  const framework = { ...frameworkOf(name), read: () => ({ kind, cases }) as const };
  const spec = { name, args: [], cwd: '.', env: {} };
  const evidence = { exitCode: 0, signal: null, reportText: '', durationMs: 1, file: 'a', cwd: '/', spec, selection };
  return readEvidence(framework, evidence);
}

const only = (...names: string[][]): CaseSelection => ({ kind: 'only', names });
const except = (...names: string[][]): CaseSelection => ({ kind: 'except', names });

test.each<[FrameworkName, CaseSelection, Reported]>([
  ['mocha', only(['a']), ['passed', 'b']],
  ['mocha', except(['a']), ['passed', 'a']],
  ['pytest', only(['A', 'x']), ['passed', 'A', 'y']],
  ['unittest', except(['A', 'x']), ['passed', 'A', 'x']],
  ['go', only(['TestA']), ['passed', 'TestB', 'a']],
  ['junit', except(['made()']), ['passed', 'made()', '#2']],
  ['rspec', only(['a b']), ['passed', 'a', 'c']],
  ['playwright', only(['a']), ['passed', 'b @slow']],
])('%s: with %j a case that passed and is none of it is no pass: %j', (name, selection, stray) => {
  const reading = judged(name, selection, [stray]);
  expect(reading).toMatchObject({ kind: 'crashed', reason: expect.stringContaining('which this part of the file leaves out') });
});

test.each<[FrameworkName, CaseSelection, Reported]>([
  ['mocha', only(['a b']), ['passed', 'a', 'b']],
  ['mocha', only(['Foo']), ['passed', 'foo']], // Some frameworks ignore case, so that either may be right.
  ['mocha', except(['Foo']), ['passed', 'foo']],
  ['mocha', only(['a']), ['failed', '"before all" hook for "b"']],
  ['go', only(['TestA']), ['passed', 'TestA', 'b']],
  ['junit', only(['made()']), ['passed', 'made()', '#2']],
  ['playwright', only(['a']), ['passed', 'a @slow']],
])('%s: with %j this counts: %j', (name, selection, one) => {
  expect(judged(name, selection, [one]).kind).toBe(one[0] === 'failed' ? 'failed' : 'passed');
});

test('a case that was asked for and skipped says so, unless it says why', () => {
  const [one] = judged('jest', only(['a']), [['skipped', 'a']]).cases;
  expect(one?.message).toMatch(/^It was selected by its name, because it passed in an earlier run\. Now it was skipped\.$/);
  expect(judged('jest', only(['a']), [['skipped', 'a']], 'not today').cases[0]?.message).toBe('not today');
  expect(judged('jest', except(['b']), [['skipped', 'a']]).cases[0]?.message).toBeNull();
});
