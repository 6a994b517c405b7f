import { RunnerError } from '../../core/errors.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import type { TestCase } from '../../core/model/cases.js';
import type { StoredOutcome } from './schema.js';

/** Characters of JSON in one insert: far below the protocol's limits and the memory of an embedded database. */
const CHUNK_CHARACTERS = 4 * 1_024 * 1_024;

/** Splits rows into JSON arrays, each a single parameter of an insert, so the protocol's limit of 65,535 parameters is never reached. */
export function* inChunks(rows: Iterable<unknown>): Generator<string> {
  let chunk: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const json = JSON.stringify(row, storable);
    chunk.push(json);
    characters += json.length;
    if (characters < CHUNK_CHARACTERS) continue;
    yield `[${chunk.join(',')}]`;
    chunk = [];
    characters = 0;
  }
  if (chunk.length > 0) yield `[${chunk.join(',')}]`;
}

/** Replaces NUL and lone surrogates, which PostgreSQL's text cannot hold but test output may contain, by U+FFFD. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\0|\p{Surrogate}/gu, '\uFFFD') : value;
}

/** Splits an attempt into the outcome for its own row and its cases. Throws RUN_UNREADABLE if the cases are not inline yet. */
export function partAttempt({ outcome }: AttemptRecord): { stored: StoredOutcome; cases: readonly TestCase[] } {
  if (outcome.kind === 'lost') return { stored: outcome, cases: [] };
  const { report, ...stored } = outcome;
  if (report.kind !== 'inline')
    throw new RunnerError('RUN_UNREADABLE', 'The cases of an attempt were not read before it was recorded.');
  return { stored, cases: report.value };
}

/** The inverse of `partAttempt`: rebuilds an attempt from its rows. */
export function joinAttempt(
  { worker, started_at, outcome }: { worker: string | null; started_at: Date; outcome: StoredOutcome },
  cases: readonly TestCase[],
): AttemptRecord {
  const startedAtMs = started_at.getTime();
  if (outcome.kind === 'lost') return { worker, startedAtMs, outcome };
  return { worker, startedAtMs, outcome: { ...outcome, report: { kind: 'inline', value: cases } } };
}

/** Groups values by key, in the order of the rows. */
export function grouped<Row, Key, Value>(
  rows: Iterable<Row>,
  keyOf: (row: Row) => Key,
  toValue: (row: Row) => Value,
): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [toValue(row)]);
    else group.push(toValue(row));
  }
  return groups;
}
