import { type ErrorCode, isErrorCode } from '../errors.js';
import type { ChangeRecord } from '../model/change.js';
import type { BudgetName } from '../schedule/run-budget.js';
import { claimCheck, ms, strings } from './attempt.js';
import { lostWorkers, manifest } from './run.js';
import { schemaOf, sinceLater, type Values, z } from './schema.js';
import { fileResult, orderBy, plannedFile, suiteInput, totals } from './suite.js';

/** The files of a slice. */
export const plannedFiles = claimCheck(z.array(plannedFile));

/** `count` files, some of them in parts. */
const batch = z.object({ count: z.number(), files: plannedFiles });
export type Batch = Values<typeof batch>;

export const planInput = z.object({ input: suiteInput, manifest, startedAtMs: ms });
export type PlanInput = Values<typeof planInput>;

export const plan = z.object({
  planned: z.number(),
  /** Slices of the order, with at most `DEFAULTS.batchSize` tasks each, if possible. */
  batches: z.array(batch),
  /** Median of the estimates; null without any. */
  typicalMs: z.nullable(ms),
  /** Overhead of a framework call that runs several files, in the last finished run; null if it had none. */
  callMs: sinceLater(z.nullable(ms), null),
  /** Sum of the estimates, and the largest of them; 0 without any. */
  workMs: ms,
  longestMs: ms,
  /** Slots of the current fleet. */
  slots: z.number(),
  /** Names of workers that take work; not all of a large fleet. */
  workers: strings,
  /** What decided the order. */
  order: orderBy,
});
export type Plan = Values<typeof plan>;

export const changeRecord = schemaOf<ChangeRecord>()(z.object({ what: z.string(), who: z.string(), atMs: ms }));

/** Finished files for the results store. */
export const recordInput = z.object({
  suite: z.string(),
  runId: z.string(),
  files: z.array(fileResult),
  /** Queue whose workers are counted. */
  testsQueue: z.string(),
  /** Workers that are known to be gone. */
  gone: lostWorkers,
});
export type RecordInput = Values<typeof recordInput>;

/** Why a run could not judge its files. `code` is null unless the error was a RunnerError. */
const problem = z.object({
  message: z.string(),
  code: z.nullable(z.custom<ErrorCode>(isErrorCode)),
});
export type Problem = Values<typeof problem>;

export const finishInput = z.object({
  input: suiteInput,
  workflowId: z.string(),
  commit: z.nullable(z.string()),
  batches: z.array(batch),
  /** As the workflow counted them. */
  totals,
  cancelled: z.boolean(),
  /** Why it ended before every file was admitted; null if it did not. */
  stopReason: z.nullable(z.string()),
  changes: z.array(changeRecord),
  problem: z.nullable(problem),
  startedAtMs: ms,
  finishedAtMs: ms,
  slots: z.number(),
  /** What decided the order; null if the run had no plan. */
  order: z.nullable(orderBy),
});
export type FinishInput = Values<typeof finishInput>;

/** null: unlimited. */
const budgets = schemaOf<Record<BudgetName, number | null>>()(
  z.object({ retries: z.nullable(z.number()), copies: z.nullable(z.number()) }),
);

/** One slice of a large suite. */
export const batchInput = z.object({
  input: suiteInput,
  /** Number of the batch, from 1. */
  batch: z.number(),
  files: plannedFiles,
  commit: z.nullable(z.string()),
  typicalMs: z.nullable(ms),
  callMs: sinceLater(z.nullable(ms), null),
  slots: z.number(),
  /** Names of workers that take work. */
  workers: strings,
  maxInFlight: z.nullable(z.number()),
  /** Budgets that the run keeps for all its batches; null: unlimited. */
  budgets,
});
export type BatchInput = Values<typeof batchInput>;

export const batchResult = z.object({ totals, slots: z.number(), changes: z.array(changeRecord) });
export type BatchResult = Values<typeof batchResult>;
