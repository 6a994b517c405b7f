import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openResults } from '../../src/adapters/results/index.js';
import { migrations } from '../../src/adapters/results/migrations/index.js';
import { type PostgresServer, startPostgres } from '../support/postgres.js';
import { aFile, anAttempt, anInput, passed } from '../support/recorded.js';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.stop());

async function query(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** A database of its own for one test. */
async function aDatabase(name: string): Promise<string> {
  await query(server.url, `create database ${name}`);
  return server.url.replace(/[^/]*$/, name);
}

test('of many that open an empty database at once, each finds the tables and one made them', async () => {
  const url = await aDatabase('at_once');
  const stores = await Promise.all(Array.from({ length: 6 }, () => openResults({ kind: 'postgres', url })));
  const run = { suite: 'unit', runId: 'r1' };
  await Promise.all(stores.map((store) => store.openRun(anInput('unit', 'r1'), 1)));
  const file = aFile('a.test.ts', anAttempt(passed(5)));
  await Promise.all(stores.map((store) => store.recordFiles(run, [file])));
  for (const store of stores) expect(await store.filesOf(run)).toEqual([file]);
  await Promise.all(stores.map((store) => store.close()));
  expect(await query(url, 'select name from holdfast.kysely_migration')).toEqual(
    Object.keys(migrations).map((name) => ({ name })),
  );
});

test('everything is in a schema of its own', async () => {
  const url = await aDatabase('tidy');
  await (await openResults({ kind: 'postgres', url })).close();
  expect(await query(url, `select tablename from pg_tables where schemaname = 'public'`)).toEqual([]);
});

test('the durations of a suite are found by their index, among those of many', async () => {
  const url = await aDatabase('indexed');
  const store = await openResults({ kind: 'postgres', url });
  for (const suite of ['other', 'unit']) {
    await store.openRun(anInput(suite, 'r1'), 1);
    const files = Array.from({ length: suite === 'unit' ? 20 : 5_000 }, (_, n) => aFile(`f${n}.test.ts`, anAttempt(passed(n))));
    await store.recordFiles({ suite, runId: 'r1' }, files);
  }
  await query(url, 'vacuum analyze holdfast.attempts');
  expect((await store.durations('unit', 10)).size).toBe(20);
  await store.close(); // PostgreSQL counts the scans of a session at its end.
  const scans = () =>
    query(url, `select idx_scan::integer as scans from pg_stat_user_indexes where indexrelname = 'passing_attempts'`);
  await expect.poll(scans, { timeout: 10_000 }).toEqual([{ scans: 1 }]);
});

test('a store of a newer version is refused', async () => {
  const url = await aDatabase('future');
  await (await openResults({ kind: 'postgres', url })).close();
  await query(url, `insert into holdfast.kysely_migration values ('9999-from-the-future', now()::text)`);
  await expect(openResults({ kind: 'postgres', url })).rejects.toMatchObject({
    code: 'STORE_TOO_NEW',
    message: expect.stringContaining('9999-from-the-future'),
  });
});

test.each<[string, (url: URL) => void, string]>([
  ['nobody listens', (url) => (url.port = '1'), 'ECONNREFUSED'],
  ['no such host', (url) => (url.hostname = 'no-such-host.invalid'), 'no-such-host.invalid'],
  ['the password is wrong', (url) => (url.password = 'hunter2'), 'authentication failed'],
  ['no such database', (url) => (url.pathname = '/nowhere'), 'nowhere'],
])('unreachable because %s: the place is named, the password is not', async (_, spoil, reason) => {
  const url = new URL(server.url);
  spoil(url);
  const error = await openResults({ kind: 'postgres', url: url.href }).then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({ code: 'STORE_UNREACHABLE', message: expect.stringContaining(reason) });
  expect(error).toMatchObject({ message: expect.stringContaining(url.host) });
  expect(`${error instanceof Error && error.stack} ${JSON.stringify(error)}`).not.toContain(url.password);
});

test('a URL that is none is refused without being shown', async () => {
  const place = { kind: 'postgres', url: 'postgres://me:hunter2@host:port/db' } as const;
  await expect(openResults(place)).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
    message: expect.not.stringContaining('hunter2'),
  });
});

test('when the database goes away the process lives on and the next call fails', async () => {
  const second = await startPostgres();
  const store = await openResults({ kind: 'postgres', url: second.url });
  await store.openRun(anInput('unit', 'r1'), 1);
  await second.stop();
  await expect(store.listRuns(1)).rejects.toThrow();
  await store.close();
});
