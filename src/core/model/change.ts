/** A change that a person made to a running run: what, who and when (epoch ms). */
export type ChangeRecord = { readonly what: string; readonly who: string; readonly atMs: number };

/** A change that a person can make to a running run. Paths are those of the manifest and cover all repetitions of the file. */
export type Change =
  /** Starts no more files; running ones continue. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Most attempts in flight; null follows the size of the fleet. */
  | { readonly kind: 'concurrency'; readonly limit: number | null }
  /** Counted from the start of the run; null for no timeout. */
  | { readonly kind: 'runTimeout'; readonly timeoutMs: number | null }
  | FileChange;

export type FileChange =
  /** A failure of the file no longer fails the run. */
  | { readonly kind: 'quarantine'; readonly path: string }
  /** Leaves the file out, and stops it if it is running: `skipped`. */
  | { readonly kind: 'skip'; readonly path: string }
  /** Stops the file, or never starts it: `notRun`, and the run is incomplete. */
  | { readonly kind: 'cancel'; readonly path: string }
  /** Gives attempts of the file more time. */
  | { readonly kind: 'extend'; readonly path: string; readonly byMs: number };

/** The change in words, as shown in the run's list of changes. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'pause':
    case 'resume':
      return change.kind;
    case 'concurrency':
      return `concurrency ${change.limit ?? 'auto'}`;
    case 'runTimeout':
      return `run timeout ${change.timeoutMs === null ? 'none' : `${change.timeoutMs / 1_000} s`}`;
    case 'extend':
      return `extend ${change.path} by ${change.byMs / 1_000} s`;
    default:
      return `${change.kind} ${change.path}`;
  }
}

/**
 * The last argument of an update: who requests it, and once for which update, so that what was signed for one is not good for another, nor
 * twice.
 */
export type UpdateRequest = { readonly who: string; readonly update: string; readonly id: string };

/** The requester that the last argument of an update names; null if it names none. */
export function requesterIn(value: unknown): UpdateRequest | string | null {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || !('who' in value && 'update' in value && 'id' in value)) return null;
  const { who, update, id } = value;
  return typeof who === 'string' && typeof update === 'string' && typeof id === 'string' ? { who, update, id } : null;
}

/** Name of the query with which a worker asks for the current timeout of an attempt; the argument is the activity id. */
export const TIMEOUT_QUERY = 'timeout';

/** Reasons for verdicts that no attempt explains. The first word is public: scripts match on it. */
export const REASONS = {
  cancelledByUser: (who: string) => `CancelledByUser: ${who}`,
  skippedByUser: (who: string) => `SkippedByUser: ${who}`,
  quarantinedByUser: (who: string) => `QuarantinedByUser: ${who}`,
  suiteStopped: (why: string) => `SuiteStopped: ${why}`,
  runTimeout: (timeoutMs: number) => `TimeoutExceeded: the run’s timeout of ${timeoutMs / 1_000} s passed`,
  retriesUsedUp: (limit: number) => `RetriesUsedUp: the run has used up its ${limit} retries`,
  quarantined: (why: string) => `Quarantined: ${why}`,
  quarantineExpired: (why: string) => `QuarantineExpired: ${why}`,
  quarantineUnneeded: (why: string) => `QuarantineUnneeded: it passed although it is quarantined: ${why}`,
  partsDisagree: (counts: string) => `PartsDisagree: ${counts}. Its cases differ from process to process: do not split it`,
  redAfterOthers: (files: readonly string[]) =>
    `RedAfterOthers: red in a process that had run ${files.join(', ')} before, green by itself`,
  collides: (files: readonly string[], seen: string | undefined) =>
    `Collides: red while ${files.join(', ')} ran beside it${seen === undefined ? '' : ` (${seen})`}, green with the machine to itself`,
  dependsOnFilesBefore: (files: readonly string[]) =>
    `DependsOnFilesBefore: red by itself, green in one process after ${files.length > 3 ? 'the files before it' : files.join(', ')}`,
  noHealthyWorker: (why: string) => `NoHealthyWorker: ${why}`,
} as const;

/** Failure type of a refused change. The message is a sentence for people. */
export const REFUSED = 'REFUSED';

/** Failure type of a change to a file that is not in this workflow. */
export const NO_SUCH_FILE = 'NO_SUCH_FILE';
