import { join } from 'node:path';
import { expect, test } from 'vitest';
import { junit } from '../../src/frameworks/junit/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { isAlive } from '../support/processes.js';
import { kindOf, running, said, shape, warm } from '../support/run-warm.js';
import { until } from '../support/until.js';
import { sourceOf } from './expected/junit.js';

const fixture = join(import.meta.dirname, '../fixtures/junit');
const run = (name: string, wish: Parameters<ReturnType<typeof running>>[1] = {}) =>
  running(fixture, warm, junit)(sourceOf(name), { timeoutMs: 120_000, ...wish });
const processOf = ({ output }: FileRun) => Number(/(?:under|own) (\d+)/.exec(output)?.[1]);
const PATIENCE = { timeout: 240_000 };

test(
  'class after class in one process, which shares with the next nothing that is static, no property and no locale',
  PATIENCE,
  async () => {
    const [first, second] = [await run('FirstTest'), await run('SecondTest')];
    expect([first, second].map(kindOf)).toEqual(['passed', 'passed']);
    expect(processOf(second)).toBe(processOf(first));
    expect(second.output).toMatch(/^second under /);
    expect(second.output).not.toContain('FirstTest');
    expect(shape(second).names).toEqual(['passed isAlone()']);
    const others = await run('RedAfterOthersTest');
    expect(others).toMatchObject({ end: { kind: 'passed' }, redAfter: ['FirstTest', 'SecondTest'].map(sourceOf) });
    expect(said).toEqual([]);
  },
);

test('one that ends its process costs itself alone, and is judged by itself', PATIENCE, async () => {
  const [first, exits, second] = [await run('FirstTest'), await run('ExitTest'), await run('SecondTest')];
  expect([first, exits, second].map(kindOf)).toEqual(['passed', 'crashed', 'passed']);
  expect(processOf(second)).not.toBe(processOf(first));
});

test('a thread that is left is named, and the next class has a new process', PATIENCE, async () => {
  const [first, leaves, second] = [await run('FirstTest'), await run('LeavesThreadTest'), await run('SecondTest')];
  expect([first, leaves, second].map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(processOf(second)).not.toBe(processOf(first));
  expect(said).toEqual([expect.stringMatching(/LeavesThreadTest\.java leaves something behind .*: the thread left behind\./)]);
});

test('some of the cases of a class', PATIENCE, async () => {
  const only = { kind: 'only', names: [['Inside', 'adds()'], ['made()']] } as const;
  expect(shape(await run('CalculatorTest', { selection: only })).names).toEqual([
    'passed Inside > adds()',
    'passed made() > #1',
    'passed made() > #2',
  ]);
  expect(shape(await run('SecondTest')).names).toEqual(['passed isAlone()']); // It is of one order only.
});

test('at its deadline a class is ended, and its process with it', PATIENCE, async () => {
  await run('FirstTest');
  const late = await run('SlowTest', { timeoutMs: 10_000 });
  expect(late.end).toMatchObject({ kind: 'timedOut' });
  await until('it is gone', async () => !(await isAlive(processOf(late))));
});
