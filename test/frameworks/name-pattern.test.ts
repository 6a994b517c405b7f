import { expect, test } from 'vitest';
import { namePattern } from '../../src/frameworks/name-pattern.js';
import { vitest } from '../../src/frameworks/vitest/adapter.js';
import { suiteFolder } from '../support/run-framework.js';

test.each([
  [' ', 'group case'],
  [' > ', 'group > case'],
])('names joined by %j match exactly what is selected', (separator, full) => {
  const names = [['group', 'case']];
  const [only, except] = (['only', 'except'] as const).map((kind) => new RegExp(namePattern({ kind, names }, separator)));
  expect([only?.test(full), only?.test(`${full} 2`), only?.test('group')]).toEqual([true, false, false]);
  expect([except?.test(full), except?.test(`${full} 2`), except?.test('group')]).toEqual([false, true, true]);
});

test('a part that ran what it should have left out is no result', () => {
  const assertionResults = ['a', 'b'].map((title) => ({ ancestorTitles: [], title, status: 'passed' }));
  const reading = vitest.read({
    exitCode: 0,
    signal: null,
    reportText: JSON.stringify({ testResults: [{ name: '/p/a.test.ts', status: 'passed', assertionResults }] }),
    durationMs: 1,
    file: 'a.test.ts',
    cwd: '/p',
    spec: suiteFolder(vitest, '/p').spec,
    selection: { kind: 'except', names: [['a']] },
  });
  expect(reading).toMatchObject({ kind: 'crashed', reason: 'vitest ran "a", which this part of the file leaves out.' });
});
