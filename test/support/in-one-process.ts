import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Framework } from '../../src/frameworks/framework.js';
import { temporaryProject } from './run-framework.js';
import { type aWarmWorker, inOneDispatch, kindOf, running } from './run-warm.js';

type Extra = { readonly env?: Record<string, string> };
type Project = Readonly<Record<string, string>>;
type Worker = ReturnType<typeof aWarmWorker>;

const testsOf = (project: Project) => Object.keys(project).filter((file) => !file.includes('config'));
const diaryOf = async (cwd: string) => (await readFile(join(cwd, 'diary'), 'utf8')).trim().split('\n');

/**
 * Asks for three files at once, the last one first. Each has three cases that write `<pid> <file>` to the diary; those that also
 * print `in a`, `in b` and `in c` have it as output of their own.
 */
export async function expectInOneProcess(
  worker: Worker,
  framework: Framework,
  project: Project,
  extra: Extra = {},
): Promise<void> {
  const cwd = await temporaryProject(project);
  const files = testsOf(project).reverse();
  const startedAt = performance.now();
  const results = await inOneDispatch(running(cwd, worker, framework, extra), files);
  const tookMs = performance.now() - startedAt;
  expect(results.map(kindOf)).toEqual(['passed', 'passed', 'passed']);
  expect(results.map(({ end }) => ('cases' in end ? end.cases.length : 0))).toEqual([3, 3, 3]);
  const diary = (await diaryOf(cwd)).map((line) => line.split(' '));
  expect(new Set(diary.map(([pid]) => pid)).size).toBe(1);
  expect(diary.map(([, file]) => file)).toEqual(files.flatMap((file) => [file, file, file]));
  expect(results.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBeLessThanOrEqual(tookMs + 10); // Rounded each.
  if (Object.values(project).some((text) => text.includes("'in a'"))) {
    for (const { output } of results) expect(output.match(/in [abc]/g)).toHaveLength(3);
    expect(new Set(results.map(({ output }) => output.match(/in ([abc])/)?.[1])).size).toBe(3);
  }
  expect(worker.log).toEqual([]);
}

/** Asks for three files at once, of which the second is red. Each writes `begins <name>` and `ends <name>` to the diary. */
export async function expectRedByItself(
  worker: Worker,
  framework: Framework,
  project: Project,
  extra: Extra = {},
): Promise<void> {
  const cwd = await temporaryProject(project);
  const results = await inOneDispatch(running(cwd, worker, framework, extra), testsOf(project));
  expect(results.map(kindOf)).toEqual(['passed', 'failed', 'passed']);
  const diary = await diaryOf(cwd);
  const alone = diary.lastIndexOf('begins b');
  expect(diary.filter((line) => line === 'begins b')).toHaveLength(2);
  expect(diary[alone + 1]).toBe('ends b');
  expect(diary.slice(-2)).toEqual(['begins c', 'ends c']);
}
