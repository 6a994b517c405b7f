import type { Verdict } from './attempt.js';
import type { ChangeRecord } from './change.js';
import type { FileResult, SuiteResult } from './suite.js';

export type Phase = 'discovering' | 'planning' | 'running' | 'finishing' | 'finished';

/** The answer of the `progress` query. Bounded: `finished` holds at most one page. */
export type Progress = {
  readonly phase: Phase;
  readonly startedAtMs: number;
  /** null before the plan is known. */
  readonly planned: number | null;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Red attempts that were repeated. */
  readonly retries: number;
  readonly losses: number;
  /** Paths of the attempts in flight (running or queued), with the number of the attempt. */
  readonly inFlight: readonly {
    /** Of its activity in Temporal. */
    readonly activityId: string;
    readonly path: string;
    readonly repeat: number;
    /** Of a file that is run in parts. */
    readonly part?: { readonly number: number; readonly of: number };
    readonly attempt: number;
    readonly estimateMs: number | null;
    /** How long this attempt may run. */
    readonly deadlineMs: number;
  }[];
  /** Files that wait for what others hold, and for what. */
  readonly waiting: readonly { readonly path: string; readonly what: string }[];
  /** Sum of the estimates of files not yet finished; null where one is unknown. */
  readonly remainingMs: number | null;
  readonly slots: number;
  readonly isPaused: boolean;
  readonly changes: readonly ChangeRecord[];
  /** Files finished since the asked cursor, oldest first, cases left out. */
  readonly finished: readonly FileResult[];
  /** Ask with this to get what comes next. */
  readonly cursor: number;
  /** Workflow ids of the batches; each answers the same query for its files. */
  readonly batches: readonly string[];
  /** Set once the phase is `finished`. */
  readonly result: SuiteResult | null;
};
