import type { PostgresPool } from 'kysely';
import pg from 'pg';
import { DEFAULTS } from '../../core/defaults.js';
import { messageOf, RunnerError } from '../../core/errors.js';

/** Opens a pool and tests it with one connection. Throws STORE_UNREACHABLE, which names the server but never the password. */
export async function openPostgres(url: string): Promise<PostgresPool> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'holdfast',
    connectionTimeoutMillis: DEFAULTS.connectTimeoutMs,
  });
  // An idle connection broke. The pool opens another, and the next query fails if it cannot. Unhandled, it would crash this process.
  pool.on('error', () => {});
  try {
    const client = await pool.connect();
    client.release();
    return pool;
  } catch (error) {
    await pool.end();
    throw new RunnerError(
      'STORE_UNREACHABLE',
      `PostgreSQL at ${placeOf(url)} does not accept our connection: ${reasonOf(error)}.`,
    );
  }
}

/** Host, port and database of a URL, without user, password and parameters. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'the given URL, which is not one,';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** The reason of a connection error. A host with several addresses fails with an AggregateError whose own message is empty. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return messageOf(error);
}
