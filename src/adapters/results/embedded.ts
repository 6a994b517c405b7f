import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { Mutex } from 'async-mutex';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import { RunnerError } from '../../core/errors.js';
import { packageFile } from '../package-file.js';
import { claimFolder } from './claim-folder.js';

/**
 * Opens PostgreSQL inside this process, with its data in a folder that is locked against other processes.
 * Throws STACK_BUSY if another process has it open, STORE_UNREACHABLE if the folder cannot be used, STATE_DAMAGED if PostgreSQL
 * cannot read what is in it.
 */
export async function openEmbedded(folder: string): Promise<PostgresPool> {
  try {
    await mkdir(folder, { recursive: true });
    const release = await claimFolder(folder);
    const database = await openData(join(folder, 'data')).catch(async (error: unknown) => {
      await release();
      throw (await isMade(folder)) && !isOfSystem(error) ? damaged(folder, error) : error;
    });
    return lend(database, release);
  } catch (error) {
    if (error instanceof RunnerError) throw error;
    const reason = error instanceof Error ? error.message : 'it was removed meanwhile'; // What Emscripten throws is no Error.
    throw new RunnerError('STORE_UNREACHABLE', `The results store in ${folder} cannot be opened: ${reason}.`, {
      cause: error,
      remedy: 'Check that this is a folder that can be written, and that its disk has room.',
    });
  }
}

/** Such as a full disk, or missing permissions. */
const isOfSystem = (error: unknown) => error instanceof Error && 'syscall' in error;

/** PGlite's own messages say nothing to a person: `Aborted()`. */
function damaged(folder: string, cause: unknown): RunnerError {
  return new RunnerError('STATE_DAMAGED', `The results in ${folder} are damaged: PostgreSQL cannot open them.`, {
    cause,
    remedy:
      'Finished runs, durations and history are lost with them; runs that have not ended are not. `holdfast reset results` keeps a copy aside, and the next command starts anew.',
  });
}

/** Whether this folder contains a store. */
export async function isMade(folder: string): Promise<boolean> {
  return isThere(markOf(join(folder, 'data')));
}

const isThere = async (file: string) => (await stat(file).catch(() => null)) !== null;

/**
 * Path of a marker that is written after the first successful open. Without it nothing was ever recorded, and the data is half
 * initialized.
 */
const markOf = (data: string) => join(data, 'holdfast-ready');

async function openData(data: string): Promise<PGlite> {
  setFlagsFromString(OPTIMIZE_LATER);
  if (await isThere(markOf(data))) return PGlite.create(data, SMALL);
  await rm(data, { recursive: true, force: true });
  const database = await PGlite.create({ ...SMALL, dataDir: data, loadDataDir: new Blob([await readFile(EMPTY_DATABASE)]) });
  await writeFile(markOf(data), '');
  return database;
}

/**
 * With its default budget of 1.8 million, V8 optimizes code that runs only once, when the database opens: a third of a second of
 * CPU time and 40 MB for nothing. With this one it starts after heavy writing; 20,000 rows take as long as before.
 */
const OPTIMIZE_LATER = '--wasm-tiering-budget=100000000';

/**
 * Memory for one connection. PostgreSQL touches what it reserves as it goes: with its defaults, 128 MB of buffers and a hundred
 * connections, the process takes 130 MB more. The operating system caches the files anyway.
 */
const SMALL = { startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=8MB', '-c', 'max_connections=2'] };

/** An initialized, empty database made by the build. Unpacking it takes half the time and memory of creating one. */
const EMPTY_DATABASE = packageFile('dist/empty-database.tar.gz');

/** A pool of one connection with one borrower at a time, so that a transaction has it to itself. */
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

/** Adapts PGlite's results to those of pg. Kysely's other use of `query`, with a cursor, requires configuration and does not occur. */
function clientOf(database: PGlite, release: () => void): PostgresPoolClient {
  const query = async (statement: string, parameters: readonly unknown[]) => {
    const { rows, command, affectedRows } = await database.query(statement, [...parameters]);
    return { rows, command, rowCount: affectedRows ?? 0 };
  };
  return { query, release } as PostgresPoolClient;
}
