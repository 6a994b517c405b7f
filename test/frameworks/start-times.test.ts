import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolder } from '../../src/adapters/objects/index.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { StartTimes } from '../../src/frameworks/pool/start-times.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { suiteFolder, temporaryProject } from '../support/run-framework.js';

const suite = suiteFolder(mocha, '/suite');
const green = (durationMs: number): FileRun => ({
  startedAtMs: 0,
  durationMs,
  exitCode: 0,
  signal: null,
  cpuMs: null,
  output: '',
  end: { kind: 'passed', cases: [{ name: ['a'], status: 'passed', durationMs: 40, message: null }] },
});

async function aFolder() {
  const folder = await temporaryProject({});
  const said: string[] = [];
  return { folder, said, open: () => new StartTimes(openFolder(folder), (line) => said.push(line)) };
}

test('what a start takes is the least that was seen beside the cases, and kept once it is dear', async () => {
  const { open, folder } = await aFolder();
  const starts = open();
  expect(await starts.areExpensive(suite, 10)).toBe(false); // Nobody knows yet.
  for (const durationMs of [340, 240, 440]) await starts.learn(suite, green(durationMs));
  expect(await starts.areExpensive(suite, 2_001)).toBe(false);
  expect(await open().hasPaid(suite)).toBe(false);
  expect(await starts.areExpensive(suite, 2_000)).toBe(true);

  const later = open();
  expect(await later.hasPaid(suite)).toBe(true);
  expect([await later.areExpensive(suite, 2_000), await later.areExpensive(suite, 2_001)]).toEqual([true, false]);
  expect(await later.hasPaid({ ...suite, cwd: '/another' })).toBe(false);
  const [kept = ''] = await readdir(join(folder, 'starts'));
  expect(`${kept} ${await readFile(join(folder, 'starts', kept), 'utf8')}`).toMatch(/^[0-9a-f]{16} 200\n$/);
});

test('a file without an estimate is taken to be like those seen, before the first like those of earlier runs', async () => {
  const { open } = await aFolder();
  const starts = open();
  expect(await starts.areExpensive(suite, null)).toBe(false);
  for (const durationMs of [240, 240, 9_000]) await starts.learn(suite, green(durationMs));
  expect(await starts.areExpensive(suite, null)).toBe(true);
  for (const durationMs of [9_000, 9_000]) await starts.learn(suite, green(durationMs));
  expect(await starts.areExpensive(suite, null)).toBe(false);
  expect(await open().areExpensive(suite, null)).toBe(true);
});

test('where it cannot be kept, or is not a number, it is as good as not known, and the log says what cannot be written', async () => {
  const { open, folder, said } = await aFolder();
  await writeFile(join(folder, 'starts'), 'a file where a folder should be');
  const starts = open();
  await starts.learn(suite, green(240));
  expect(await starts.areExpensive(suite, 5)).toBe(true);
  expect(said).toEqual([expect.stringContaining('The start-up time of test processes cannot be kept between runs: ')]);
  expect(await open().hasPaid(suite)).toBe(false);

  const { open: openOther, folder: other } = await aFolder();
  const first = openOther();
  await first.learn(suite, green(240));
  await first.areExpensive(suite, 5);
  const [kept = ''] = await readdir(join(other, 'starts'));
  await writeFile(join(other, 'starts', kept), 'soon');
  expect(await openOther().areExpensive(suite, 5)).toBe(false);
});
