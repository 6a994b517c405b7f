import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { AttemptOutcome, TestOutcome, Verdict } from '../../core/model/attempt.js';
import type { CaseStatus } from '../../core/model/cases.js';
import type { Copy, Totals } from '../../core/model/suite.js';

/** The tables after the latest migration. Times are `timestamptz`, durations are in ms. */
export type ResultsSchema = {
  'holdfast.runs': RunsTable;
  'holdfast.files': FilesTable;
  'holdfast.attempts': AttemptsTable;
  'holdfast.cases': CasesTable;
  'holdfast.apart': { suite: string; path: string; seen: string; since: Date };
  'holdfast.imported_durations': { suite: string; path: string; duration_ms: number };
  /** Kysely's own record of applied migrations. */
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
  /** Hash of the file's content; null if not requested. */
  content: string | null;
  /** Speculative attempts that were ended; null if there were none. */
  copies: JSONColumnType<readonly Copy[]> | null;
};

type AttemptsTable = {
  id: Generated<number>;
  run_id: number;
  /** Duplicated from the run, so that the durations of a suite are found without a join. */
  suite: string;
  path: string;
  repeat: number;
  /** From 1, lost attempts included. */
  number: number;
  worker: string | null;
  started_at: Date;
  kind: AttemptOutcome['kind'];
  /** null if lost, or if it ran after others in one process. */
  duration_ms: number | null;
  /** Estimated duration on an otherwise idle machine; null if lost. */
  effort_ms: number | null;
  /** Class of the machine. */
  machine: string | null;
  /** JSON of the outcome without its cases. */
  outcome: ColumnType<StoredOutcome, string, never>;
};

/** An outcome as stored: its cases have their own rows. */
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
