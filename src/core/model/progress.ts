import type { Verdict } from './attempt.js';
import type { ChangeRecord } from './change.js';
import type { FileResult, SuiteResult } from './suite.js';
import type { SuiteReport } from './suite-report.js';

export type Phase = 'discovering' | 'planning' | 'running' | 'finishing' | 'finished';

/** The answer to the `progress` query. Its size is bounded: `finished` holds at most one page. */
export type Progress = {
  readonly phase: Phase;
  readonly startedAtMs: number;
  /** null before the plan is known. */
  readonly planned: number | null;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Retries so far. */
  readonly retries: number;
  readonly losses: number;
  /** Attempts that are running or queued. */
  readonly inFlight: readonly {
    /** The id of its activity in Temporal. */
    readonly activityId: string;
    readonly path: string;
    readonly repeat: number;
    /** For a file in parts. */
    readonly part?: { readonly number: number; readonly of: number };
    readonly attempt: number;
    readonly estimateMs: number | null;
    /** The timeout of this attempt. */
    readonly timeoutMs: number;
  }[];
  /** Files that wait for permits held by others, and for which ones. */
  readonly waiting: readonly { readonly path: string; readonly what: string }[];
  /** Sum of the estimates of unfinished files; null if one has no estimate. */
  readonly remainingMs: number | null;
  readonly slots: number;
  readonly isPaused: boolean;
  readonly changes: readonly ChangeRecord[];
  /** Files finished since the given cursor, oldest first, without their cases. */
  readonly finished: readonly FileResult[];
  /** Pass this to get the next page. */
  readonly cursor: number;
  /** Workflow ids of the batches; each answers the same query for its files. */
  readonly batches: readonly string[];
  /** Set once the phase is `finished`. */
  readonly result: SuiteResult | null;
};

/** The final progress of a run: the last answer, completed from the report. */
export function progressAtEnd(last: Progress, { run, totals, files }: SuiteReport): Progress {
  const { planned, lost: _, countedTwice: __, cases: ___, ...verdicts } = totals;
  return {
    ...last,
    phase: 'finished',
    planned: run.problem === null ? planned : last.planned, // A run that failed outright may have no plan.
    verdicts,
    retries: files.reduce((sum, { attempts }) => sum + Math.max(0, attempts.length - 1), 0),
    losses: files.reduce((sum, { losses }) => sum + losses.length, 0),
    inFlight: [],
    waiting: [],
    remainingMs: null,
    isPaused: false,
  };
}
