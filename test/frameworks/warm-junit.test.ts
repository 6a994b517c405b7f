import { join } from 'node:path';
import { expect, test } from 'vitest';
import { junit } from '../../src/frameworks/junit/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { isAlive } from '../support/processes.js';
import { aWarmWorker, kindOf, running, shape, type Wish } from '../support/run-warm.js';
import { until } from '../support/until.js';
import { sourceOf } from './expected/junit.js';

const fixture = join(import.meta.dirname, '../fixtures/junit');
/** Runs classes by name. */
function classesOn(worker: ReturnType<typeof aWarmWorker>) {
  const run = running(fixture, worker, junit);
  return (name: string, wish?: Wish) => run(sourceOf(name), wish);
}
const processOf = ({ output }: FileRun) => Number(/(?:under|own) (\d+)/.exec(output)?.[1]);

test('class after class in one process, which shares with the next nothing that is static, no property and no locale', async () => {
  const worker = aWarmWorker();
  const run = classesOn(worker);
  const [first, second] = [await run('FirstTest'), await run('SecondTest')];
  expect([first, second].map(kindOf)).toEqual(['passed', 'passed']);
  expect(processOf(second)).toBe(processOf(first));
  expect(second.output).toMatch(/^second under /);
  expect(second.output).not.toContain('FirstTest');
  expect(shape(second).names).toEqual(['passed isAlone()']);
  const others = await run('RedAfterOthersTest');
  expect(others).toMatchObject({ end: { kind: 'passed' }, redAfter: ['FirstTest', 'SecondTest'].map(sourceOf) });
  expect(worker.log).toEqual([]);
});

test('one that ends its process costs itself alone, and is judged by itself', async () => {
  const run = classesOn(aWarmWorker());
  const [first, exits, second] = [await run('FirstTest'), await run('ExitTest'), await run('SecondTest')];
  expect([first, exits, second].map(kindOf)).toEqual(['passed', 'crashed', 'passed']);
  expect(processOf(second)).not.toBe(processOf(first));
});

test('a thread that is left is named, and the next class has a new process', async () => {
  const worker = aWarmWorker();
  const run = classesOn(worker);
  const [first, leaves, second] = [await run('FirstTest'), await run('LeavesThreadTest'), await run('SecondTest')];
  expect([first, leaves, second].map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(processOf(second)).not.toBe(processOf(first));
  expect(worker.log).toEqual([
    expect.stringMatching(/LeavesThreadTest\.java leaves something behind .*: the thread left behind\./),
  ]);
});

test('some of the cases of a class', async () => {
  const run = classesOn(aWarmWorker());
  const only = { kind: 'only', names: [['Inside', 'adds()'], ['made()']] } as const;
  expect(shape(await run('CalculatorTest', { selection: only })).names).toEqual([
    'passed Inside > adds()',
    'passed made() > #1',
    'passed made() > #2',
  ]);
  expect(shape(await run('SecondTest')).names).toEqual(['passed isAlone()']); // It is of one order only.
});

test('at its timeout a class is ended, and its process with it', async () => {
  const run = classesOn(aWarmWorker());
  await run('FirstTest');
  const late = await run('SlowTest', { timeoutMs: 10_000 });
  expect(late.end).toMatchObject({ kind: 'timedOut' });
  await until('it is gone', async () => !(await isAlive(processOf(late))));
});
