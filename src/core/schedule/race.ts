import type { AttemptRecord } from '../model/attempt.js';
import type { Copy } from '../model/suite.js';
import { remainingMs, type Straggler } from './speculation.js';

/** An attempt or its speculative twin. `record` is null if it was stopped before it had a result. `atMs` is epoch ms. */
export type Contender =
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly record: AttemptRecord | null; readonly atMs: number };

export type Contenders = { readonly original: Contender; readonly copy: Contender };

/** The slow attempt at the time when its speculative twin was started. */
export type RacedAttempt = Straggler & { readonly worker: string; readonly copiedAtMs: number };

/** A race is over once one has passed or both have ended: a red result or a loss waits for the other. */
export function isDecided({ original, copy }: Contenders): boolean {
  return hasPassed(original) || hasPassed(copy) || (original.kind === 'ended' && copy.kind === 'ended');
}

/** The speculative attempt wins if only it has passed, or if only it has a result. */
export function winnerOf({ original, copy }: Contenders): keyof Contenders {
  const isCopy = hasPassed(copy) ? !hasPassed(original) : hasResult(copy) && !hasResult(original);
  return isCopy ? 'copy' : 'original';
}

/**
 * The result of a race that is over: the records that count, and the loser. An original that was lost still counts as a loss, in
 * addition to the result of its twin.
 */
export function accountOf(
  pair: Contenders,
  raced: RacedAttempt,
): { readonly records: readonly AttemptRecord[]; readonly copy: Copy } {
  const winner = winnerOf(pair);
  const [won, lost] = winner === 'copy' ? [pair.copy, pair.original] : [pair.original, pair.copy];
  const endedAtMs = won.kind === 'ended' ? won.atMs : raced.copiedAtMs;
  const [record, other] = [recordOf(won), recordOf(lost)];
  const sinceCopyMs = endedAtMs - raced.copiedAtMs;
  const elapsedMs = raced.elapsedMs + sinceCopyMs;
  const isCopy = winner === 'copy';
  const wastedMs = isCopy ? elapsedMs : sinceCopyMs;
  const wasLost = other?.outcome.kind === 'lost';
  return {
    records: [...(isCopy && wasLost ? [other] : []), ...(record === null ? [] : [isCopy ? marked(record) : record])],
    copy: {
      isOriginal: isCopy,
      worker: other?.worker ?? (isCopy ? raced.worker : null),
      startedAtMs: endedAtMs - wastedMs,
      wastedMs,
      savedMs: isCopy && !wasLost ? Math.round(remainingMs({ ...raced, elapsedMs })) : 0,
      outcome: other === null || other.outcome.kind === 'lost' ? null : other.outcome.kind,
    },
  };
}

const recordOf = (contender: Contender) => (contender.kind === 'ended' ? contender.record : null);
const hasPassed = (contender: Contender) => recordOf(contender)?.outcome.kind === 'passed';

function hasResult(contender: Contender): boolean {
  const record = recordOf(contender);
  return record !== null && record.outcome.kind !== 'lost';
}

function marked(record: AttemptRecord): AttemptRecord {
  const { outcome } = record;
  return outcome.kind === 'lost' ? record : { ...record, outcome: { ...outcome, isCopy: true } };
}
