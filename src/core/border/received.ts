import { RunnerError } from '../errors.js';
import { parse, type Schema } from './schema.js';

/** A value from elsewhere, parsed. Throws MALFORMED; `what` begins the sentence. */
export function received<T>(schema: Schema<T>, value: unknown, what: string): T {
  const parsed = parse(schema, value);
  if (parsed.kind === 'good') return parsed.value;
  throw new RunnerError('MALFORMED', `${what} is malformed: ${parsed.why}.`);
}
