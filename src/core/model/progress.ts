import type { Verdict } from './attempt.js';
import type { ChangeRecord } from './change.js';
import type { FileResult, SuiteResult } from './suite.js';
import type { SuiteReport } from './suite-report.js';

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

/** After what was seen of a run last, how its report says it has ended. */
export function progressAtEnd(last: Progress, { run, totals, files }: SuiteReport): Progress {
  const { planned, lost: _, countedTwice: __, cases: ___, ...verdicts } = totals;
  return {
    ...last,
    phase: 'finished',
    planned: run.problem === null ? planned : last.planned, // A run that broke may have had no plan.
    verdicts,
    retries: files.reduce((sum, { attempts }) => sum + Math.max(0, attempts.length - 1), 0),
    losses: files.reduce((sum, { losses }) => sum + losses.length, 0),
    inFlight: [],
    waiting: [],
    remainingMs: null,
    isPaused: false,
  };
}
