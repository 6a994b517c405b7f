/** A change that was made to a run while it went on: what, by whom, when (epoch ms). */
export type ChangeRecord = { readonly what: string; readonly who: string; readonly atMs: number };

/** What may be asked of a run that goes on. Paths are those of its manifest; every repeat of the file is meant. */
export type Change =
  /** Nothing further starts; what runs goes on. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Attempts in flight at most; null for as many as the fleet takes. */
  | { readonly kind: 'concurrency'; readonly limit: number | null }
  /** From the start of the run; null for none. */
  | { readonly kind: 'runDeadline'; readonly deadlineMs: number | null }
  | FileChange;

export type FileChange =
  /** Its failure no longer fails the run. */
  | { readonly kind: 'quarantine'; readonly path: string }
  /** It is left out, ended if it runs: `skipped`. */
  | { readonly kind: 'skip'; readonly path: string }
  /** It is ended, or never started: `notRun`, and the run is incomplete. */
  | { readonly kind: 'cancel'; readonly path: string }
  /** Its attempts may run so much longer. */
  | { readonly kind: 'extend'; readonly path: string; readonly byMs: number };

/** The change as a person reads it in the record of changes. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'pause':
    case 'resume':
      return change.kind;
    case 'concurrency':
      return `concurrency ${change.limit ?? 'auto'}`;
    case 'runDeadline':
      return `deadline ${change.deadlineMs === null ? 'none' : `${change.deadlineMs} ms`}`;
    case 'extend':
      return `extend ${change.path} by ${change.byMs} ms`;
    default:
      return `${change.kind} ${change.path}`;
  }
}

/** Name of the query by which a worker asks how long its attempt may run as of now; the argument is the id of its activity. */
export const DEADLINE_QUERY = 'deadline';

/** Why a file has a verdict that its tests did not give. The first word is public: scripts match on it. */
export const REASONS = {
  cancelledByUser: (who: string) => `CancelledByUser: ${who}`,
  skippedByUser: (who: string) => `SkippedByUser: ${who}`,
  quarantinedByUser: (who: string) => `QuarantinedByUser: ${who}`,
  suiteStopped: (why: string) => `SuiteStopped: ${why}`,
  runDeadline: (deadlineMs: number) => `DeadlineExceeded: the run’s deadline of ${deadlineMs / 1_000} s passed`,
  retriesUsedUp: (limit: number) => `RetriesUsedUp: the run has used up its ${limit} retries`,
  quarantined: (why: string) => `Quarantined: ${why}`,
  quarantineExpired: (why: string) => `QuarantineExpired: ${why}`,
  quarantineUnneeded: (why: string) => `QuarantineUnneeded: it passed although it is quarantined: ${why}`,
  partsDisagree: (counts: string) => `PartsDisagree: ${counts}. Its cases differ from process to process: do not split it`,
  redAfterOthers: (files: readonly string[]) =>
    `RedAfterOthers: red in a process that had run ${files.join(', ')} before, green by itself`,
  noHealthyWorker: (why: string) => `NoHealthyWorker: ${why}`,
} as const;

/** Type of the failure of a change that was refused. Its message is a sentence for people. */
export const REFUSED = 'REFUSED';

/** The same for a file that is not one of this workflow's. */
export const NO_SUCH_FILE = 'NO_SUCH_FILE';
