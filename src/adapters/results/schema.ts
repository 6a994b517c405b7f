import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { AttemptOutcome, TestOutcome, Verdict } from '../../core/model/attempt.js';
import type { CaseStatus } from '../../core/model/cases.js';
import type { Copy, Totals } from '../../core/model/suite.js';

/** The tables as the newest migration leaves them. Times are `timestamptz`, durations ms. */
export type ResultsSchema = {
  'holdfast.runs': RunsTable;
  'holdfast.files': FilesTable;
  'holdfast.attempts': AttemptsTable;
  'holdfast.cases': CasesTable;
  'holdfast.imported_durations': { suite: string; path: string; duration_ms: number };
  /** Kysely's own record of what was migrated. */
  'holdfast.kysely_migration': { name: string; timestamp: string };
};

type RunsTable = {
  id: Generated<number>;
  suite: string;
  run: string;
  ci_attempt: number;
  previous_run: string | null;
  owner: string | null;
  commit: string | null;
  framework: string;
  status: string;
  started_at: Date;
  finished_at: Date | null;
  exit_code: number | null;
  problem: string | null;
  totals: JSONColumnType<Totals> | null;
  report: string | null;
  makespan_ms: number | null;
  bound_ms: number | null;
  slots: number | null;
  web_url: string | null;
};

type FilesTable = {
  run_id: number;
  path: string;
  repeat: number;
  verdict: Verdict;
  estimate_ms: number | null;
  reason: string | null;
  /** Tells one content of the file from another; null where that was not asked. */
  content: string | null;
  /** Copies that were ended; null where there were none. */
  copies: JSONColumnType<readonly Copy[]> | null;
};

type AttemptsTable = {
  id: Generated<number>;
  run_id: number;
  /** Here as well as in the run: the durations of a suite are found without its runs. */
  suite: string;
  path: string;
  repeat: number;
  /** From 1, lost attempts included. */
  number: number;
  worker: string | null;
  started_at: Date;
  kind: AttemptOutcome['kind'];
  /** null when it was lost. */
  duration_ms: number | null;
  /** What it would have taken on a machine of its own; null when it was lost. */
  effort_ms: number | null;
  /** Class of the machine. */
  machine: string | null;
  /** The outcome without its cases. */
  outcome: ColumnType<StoredOutcome, string, never>;
};

/** An outcome as it is kept: its cases have rows of their own. */
export type StoredOutcome = WithoutReport<TestOutcome> | Extract<AttemptOutcome, { kind: 'lost' }>;
type WithoutReport<T> = T extends unknown ? Omit<T, 'report'> : never;

type CasesTable = {
  attempt_id: number;
  /** From 0, in the order of the framework's report. */
  position: number;
  name: string[];
  status: CaseStatus;
  duration_ms: number;
  message: string | null;
  stack: string | null;
  retries: number | null;
  output: string | null;
};
