import type { Migration } from 'kysely';
import * as first from './0001-first.js';
import * as apart from './0002-apart.js';

/** All migrations by the name they are recorded under. A released one is never changed, only followed by another. */
export const migrations: Readonly<Record<string, Migration>> = { '0001-first': first, '0002-apart': apart };
