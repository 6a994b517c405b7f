import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { Mutex } from 'async-mutex';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { messageOf, RunnerError } from '../../core/errors.js';
import { packageFile } from '../package-file.js';
import { claimFolder } from './claim-folder.js';

/**
 * PostgreSQL inside this process, its data below a folder that no other process may open meanwhile.
 * Throws STACK_BUSY when one has it open, STORE_UNREACHABLE when the folder cannot be used.
 */
export async function openEmbedded(folder: string): Promise<PostgresPool> {
  try {
    await mkdir(folder, { recursive: true });
    const release = await claimFolder(folder);
    const database = await openData(join(folder, 'data')).catch(async (error: unknown) => {
      await release();
      throw error;
    });
    return lend(database, release);
  } catch (error) {
    if (error instanceof RunnerError) throw error;
    const reason = messageOf(error);
    throw new RunnerError('STORE_UNREACHABLE', `The results store in ${folder} cannot be opened: ${reason}.`, { cause: error });
  }
}

/** Has a store been made in this folder? */
export async function isMade(folder: string): Promise<boolean> {
  return isThere(markOf(join(folder, 'data')));
}

const isThere = async (file: string) => (await stat(file).catch(() => null)) !== null;

/** Written once the first open has succeeded. Without it nothing was ever recorded, and what is there is half an initialisation. */
const markOf = (data: string) => join(data, 'holdfast-ready');

async function openData(data: string): Promise<PGlite> {
  setFlagsFromString(OPTIMIZE_LATER);
  if (await isThere(markOf(data))) return PGlite.create(data);
  await rm(data, { recursive: true, force: true });
  const database = await PGlite.create({ dataDir: data, loadDataDir: new Blob([await readFile(EMPTY_DATABASE)]) });
  await writeFile(markOf(data), '');
  return database;
}

/**
 * V8 (default 1.8 million) optimizes what a database runs once, when it opens: a third of a second of a processor and 40 MB for nothing.
 * At this budget it begins when much is written; 20,000 rows take as long as before.
 */
const OPTIMIZE_LATER = '--wasm-tiering-budget=100000000';

/** Initialised and empty, made by the build: to unpack it takes half the time of making one, and half the memory. */
const EMPTY_DATABASE = packageFile('dist/empty-database.tar.gz');

/** A pool of one connection, lent to one borrower after another: a transaction has it to itself. */
function lend(database: PGlite, release: () => Promise<void>): PostgresPool {
  const mutex = new Mutex();
  return {
    connect: async () => clientOf(database, await mutex.acquire()),
    async end() {
      await mutex.runExclusive(() => database.close());
      await release();
    },
  };
}

/** PGlite's answer in the shape of pg's. Kysely's other use of `query`, with a cursor, comes only to those who configure one. */
function clientOf(database: PGlite, release: () => void): PostgresPoolClient {
  const query = async (statement: string, parameters: readonly unknown[]) => {
    const { rows, command, affectedRows } = await database.query(statement, [...parameters]);
    return { rows, command, rowCount: affectedRows ?? 0 };
  };
  return { query, release } as PostgresPoolClient;
}
