import { RunnerError } from '../errors.js';
import { type Interval, longestFirstBound, makespanOf } from '../history/makespan.js';
import type { OrderBy } from '../plan/order.js';
import type { AttemptOutcome, AttemptRecord, PartRun, TestOutcome, TimeoutEnd } from './attempt.js';
import type { ChangeRecord } from './change.js';
import { companyOf } from './company.js';
import type { Copy, FileResult, SuiteInput, SuiteResult, Totals } from './suite.js';
import type { AttemptReport, FileReport, LossReport, PartReport, SuiteReport } from './suite-report.js';

/** The input of a report. Times are epoch ms. */
export type ReportParts = {
  readonly input: SuiteInput;
  readonly result: Pick<SuiteResult, 'status' | 'exitCode' | 'totals' | 'problem'>;
  /** In the order of the report, with the cases of every attempt inline. */
  readonly files: readonly FileResult[];
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** Slots of the fleet; 0 if no worker was seen. */
  readonly slots: number;
  readonly webUrl: string | null;
  /** Changes that people made during the run, oldest first. */
  readonly changes: readonly ChangeRecord[];
  readonly order?: OrderBy;
  /** For a rerun: its totals merged with those of the previous run. */
  readonly merged?: Totals | null;
};

/** The JSON result of a run. Throws RUN_UNREADABLE if the cases of an attempt are not inline. */
export function buildReport({
  input,
  result,
  files,
  startedAtMs,
  finishedAtMs,
  slots,
  webUrl,
  changes,
  order = { kind: 'recorded' },
  merged = null,
}: ReportParts): SuiteReport {
  return {
    schemaVersion: 1,
    run: {
      id: input.runId,
      suite: input.suite,
      framework: input.framework.name,
      status: result.status,
      exitCode: result.exitCode,
      startedAt: isoOf(startedAtMs),
      finishedAt: isoOf(finishedAtMs),
      makespanMs: makespanOf(files.flatMap(({ attempts }) => attempts.flatMap(intervalsOf))),
      boundMs: longestFirstBound(files.flatMap(piecesOfWork), slots),
      slots,
      webUrl,
      commit: input.commit ?? null,
      previousRunId: input.previousRunId ?? null,
      problem: result.problem,
      merged,
      order: order.kind,
      seed: order.kind === 'random' ? (order.seed ?? null) : null,
      savedMs: sumOf(files, ({ savedMs }) => savedMs),
      wastedMs: sumOf(files, ({ wastedMs }) => wastedMs),
      changes: changes.map(({ what, who, atMs }) => ({ what, who, at: isoOf(atMs) })),
    },
    totals: result.totals,
    files: files.map(reportFile),
  };
}

/** One file of the report: attempts numbered from 1, losses in a separate list. Throws as buildReport does. */
export function reportFile({
  path,
  repeat,
  verdict,
  estimateMs,
  reason,
  owner,
  apart,
  copies = [],
  attempts: records,
}: FileResult): FileReport {
  const company = companyOf({ verdict, attempts: records });
  const attempts: AttemptReport[] = [];
  const losses: LossReport[] = [];
  for (const [index, { worker, startedAtMs, outcome }] of records.entries()) {
    if (outcome.kind === 'lost') losses.push(reportLoss(worker, startedAtMs, outcome, records[index + 1]));
    else attempts.push(reportAttempt(path, attempts.length + 1, worker, startedAtMs, outcome));
  }
  return {
    path,
    repeat,
    verdict,
    estimateMs,
    owner: owner ?? null,
    reason: reason ?? lossReason(verdict, losses),
    ...(company && { company }),
    ...(apart !== undefined && { apart }),
    attempts,
    losses,
    copies: copies.map(({ worker, startedAtMs, ...copy }) => ({ ...copy, worker, startedAt: isoOf(startedAtMs) })),
  };
}

/** The reason for an infra-error: the last loss. */
function lossReason(verdict: FileResult['verdict'], losses: readonly LossReport[]): string | null {
  const last = losses.at(-1);
  return verdict === 'infraError' && last ? `lost ${losses.length} times; last: ${last.reason}` : null;
}

function reportAttempt(
  path: string,
  number: number,
  worker: string | null,
  startedAtMs: number,
  outcome: TestOutcome,
): AttemptReport {
  const { kind, durationMs, exitCode, signal, report, outputTail, output } = outcome;
  if (report.kind !== 'inline') {
    throw new RunnerError('RUN_UNREADABLE', `The cases of ${path}, attempt ${number}, have not been read from the object store.`);
  }
  return {
    number,
    speculative: outcome.isCopy === true,
    outcome: kind,
    reason: reasonOf(outcome),
    worker: worker ?? 'unknown',
    startedAt: isoOf(startedAtMs),
    durationMs,
    exitCode,
    signal,
    cases: report.value,
    outputTail,
    output,
    ...(outcome.redAfter && { redAfter: outcome.redAfter }),
    ...(outcome.beside && { beside: outcome.beside }),
    ...(outcome.clash && { clash: outcome.clash }),
    ...(outcome.alone && { alone: outcome.alone }),
    ...(outcome.after && { after: outcome.after }),
    ...(outcome.stayedOpen && { stayedOpen: outcome.stayedOpen }),
    ...(outcome.coverage && { coverage: outcome.coverage }),
    ...(outcome.parts && { parts: outcome.parts.map(reportPart) }),
  };
}

/** Different machines stamp starts and losses, so a negative interval counts as 0. */
function reportLoss(
  worker: string | null,
  startedAtMs: number,
  { cause, reason, atMs, resumedAtMs }: Extract<AttemptOutcome, { kind: 'lost' }>,
  next: AttemptRecord | undefined,
): LossReport {
  const resumed = resumedAtMs === undefined ? (next?.startedAtMs ?? null) : resumedAtMs;
  const resumedAfterMs = resumed === null ? null : Math.max(0, resumed - atMs);
  return { worker, cause, reason, at: isoOf(atMs), lostMs: Math.max(0, atMs - startedAtMs), resumedAfterMs };
}

function reasonOf(outcome: TestOutcome): string | null {
  if (outcome.kind === 'timedOut') return `${PAST_TIMEOUT[outcome.endedBy]} (${outcome.timeoutMs} ms)`;
  return outcome.kind === 'crashed' ? outcome.reason : null;
}

const PAST_TIMEOUT: Readonly<Record<TimeoutEnd, string>> = {
  SIGTERM: 'past its timeout',
  SIGKILL: 'past its timeout; ignored SIGTERM',
  server: 'past its timeout; its worker could not kill it',
};

function reportPart({ startedAtMs, worker, load: _, ...part }: PartRun): PartReport {
  return { ...part, worker: worker ?? 'unknown', startedAt: isoOf(startedAtMs) };
}

/** When the processes of an attempt ran: one process, or one per part. */
function intervalsOf({ startedAtMs, outcome }: AttemptRecord): Interval[] {
  if (outcome.kind === 'lost') return [{ startedAtMs, endedAtMs: outcome.atMs }];
  const ran = outcome.parts ?? [{ startedAtMs, durationMs: outcome.durationMs }];
  return ran.map((process) => ({ startedAtMs: process.startedAtMs, endedAtMs: process.startedAtMs + process.durationMs }));
}

/** Attempts of a file or of a part run one after another, so together they are one piece of work. Losses do not count. */
function piecesOfWork({ attempts }: FileResult): number[] {
  const pieces = new Map<number, number>();
  const completed = attempts.flatMap(({ outcome }) => (outcome.kind === 'lost' ? [] : [outcome]));
  for (const [index, { durationMs, parts }] of completed.entries()) {
    const ran = parts?.filter(({ attempt }) => attempt === index + 1) ?? [{ number: 1, durationMs }]; // A green part does not run again.
    for (const part of ran) pieces.set(part.number, (pieces.get(part.number) ?? 0) + part.durationMs);
  }
  return [...pieces.values()];
}

function sumOf(files: readonly FileResult[], msOf: (copy: Copy) => number): number {
  return files.reduce((sum, { copies = [] }) => sum + copies.reduce((total, copy) => total + msOf(copy), 0), 0);
}

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
