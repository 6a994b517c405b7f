import { parse, type Schema } from '../core/border/index.js';
import { RunnerError } from '../core/errors.js';

/** A value from the server, parsed. Throws MALFORMED; `what` begins the sentence. */
export function received<T>(schema: Schema<T>, value: unknown, what: string): T {
  const parsed = parse(schema, value);
  if (parsed.kind === 'good') return parsed.value;
  throw new RunnerError('MALFORMED', `${what} is malformed: ${parsed.why}.`);
}
