import type { PostgresPool } from 'kysely';
import pg from 'pg';
import { DEFAULTS } from '../../core/defaults.js';
import { messageOf, RunnerError } from '../../core/errors.js';

/** Connections to PostgreSQL, tried once. Throws STORE_UNREACHABLE, which names the place and never the password. */
export async function openPostgres(url: string): Promise<PostgresPool> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'holdfast',
    connectionTimeoutMillis: DEFAULTS.connectTimeoutMs,
  });
  pool.on('error', () => {}); // An idle connection broke: the pool opens another, and the next query tells if that fails. Unheard, it would end the process.
  try {
    const client = await pool.connect();
    client.release();
    return pool;
  } catch (error) {
    await pool.end();
    throw new RunnerError('STORE_UNREACHABLE', `PostgreSQL at ${placeOf(url)} does not serve us: ${reasonOf(error)}.`);
  }
}

/** Host, port and database, without the user, the password and the parameters. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'the given URL, which is not one,';
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

/** A host with several addresses fails with one error for each, and an empty message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return messageOf(error);
}
