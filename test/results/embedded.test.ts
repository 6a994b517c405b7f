import { on, once } from 'node:events';
import { watch } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openResults } from '../../src/adapters/results/index.js';
import { anInput } from '../support/recorded.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-results-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () => openResults({ kind: 'embedded', folder });
const startWriter = () =>
  execa(process.execPath, ['--import', 'jiti/register', fileURLToPath(new URL('write-for-ever.ts', import.meta.url)), folder], {
    reject: false,
    buffer: false,
  });

test('what was recorded survives the death of the process in mid-write, and the folder opens again', async () => {
  const writer = startWriter();
  let said = '';
  for await (const text of writer.stdout) {
    said += text;
    if (said.split('\n').length > 20) break;
  }
  writer.kill('SIGKILL');
  expect(await writer).toMatchObject({ signal: 'SIGKILL' });
  const runs = said.split('\n').slice(0, -1);
  expect(runs.length).toBeGreaterThanOrEqual(20);
  const store = await open();
  for (const runId of runs) {
    const files = await store.filesOf({ suite: 'crash', runId });
    expect(files).toMatchObject([{ path: 'a.test.ts', attempts: [{ outcome: { counts: { passed: 100 } } }] }]);
    for (const { outcome } of files.flatMap(({ attempts }) => attempts))
      expect(outcome).toMatchObject({ report: { value: { length: 100 } } });
  }
  await store.close();
});

test('a first open that was killed half-way does not spoil the folder', async () => {
  const watcher = watch(folder, { recursive: true });
  const writer = startWriter();
  for await (const [, name] of on(watcher, 'change')) if (String(name).startsWith(join('data', 'base'))) break;
  writer.kill('SIGKILL');
  watcher.close();
  await writer;
  expect(await readdir(join(folder, 'data'))).not.toContain('holdfast-ready');
  const store = await open();
  await store.openRun(anInput('unit', 'r1'), 1);
  expect(await store.listRuns(10)).toMatchObject([{ runId: 'r1' }]);
  await store.close();
});

test('a folder that a living process has open is refused, and free once it has closed it', async () => {
  const store = await open();
  const refused = { code: 'STACK_BUSY', message: expect.stringContaining(`process ${process.pid}`) };
  await expect(open()).rejects.toMatchObject(refused);
  await store.close();
  await (await open()).close();
});

test('of several that find a dead owner, one gets the folder', async () => {
  const writer = startWriter();
  await once(writer.stdout, 'data');
  await expect(open()).rejects.toMatchObject({ code: 'STACK_BUSY', message: expect.stringContaining(`process ${writer.pid}`) });
  writer.kill('SIGKILL');
  await writer;
  const opened = await Promise.allSettled([open(), open(), open()]);
  const stores = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  for (const result of opened) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'STACK_BUSY' });
  expect(stores).toHaveLength(1);
  for (const store of stores) await store.close();
});

test('a store of a newer version is refused, and left alone', async () => {
  await (await open()).close();
  const database = await PGlite.create(join(folder, 'data'));
  await database.query(`insert into holdfast.kysely_migration values ('9999-from-the-future', now()::text)`);
  await database.close();
  const refused = { code: 'STORE_TOO_NEW', message: expect.stringContaining('9999-from-the-future') };
  await expect(open()).rejects.toMatchObject(refused);
  await expect(open()).rejects.toMatchObject(refused); // Not STACK_BUSY: the first gave the folder back.
});

test('a place that cannot be a folder is named', async () => {
  await writeFile(join(folder, 'file'), '');
  const place = { kind: 'embedded', folder: join(folder, 'file') } as const;
  await expect(openResults(place)).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
    message: expect.stringContaining(place.folder),
  });
});
