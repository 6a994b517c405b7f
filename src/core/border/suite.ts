import { FRAMEWORKS, REPORT_KINDS } from '../model/frameworks.js';
import type {
  Copy,
  FileResult,
  FileRule,
  FrameworkSpec,
  PlannedFile,
  Queues,
  Selection,
  Source,
  SuiteInput,
  SuiteResult,
  Totals,
} from '../model/suite.js';
import type { OrderBy } from '../plan/order.js';
import type { RetryPolicy } from '../schedule/retry.js';
import { attemptRecord, caseCounts, claimCheck, ms, strings, testOutcomeKind, verdict } from './attempt.js';
import { schemaOf, z } from './schema.js';

const counts = z.record(z.string(), z.number());

export const queues = schemaOf<Queues>()(z.object({ tests: z.string(), control: z.string() }));

export const source = schemaOf<Source>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('checkout') }),
    z.object({ kind: z.literal('git'), remote: z.string(), revision: z.string() }),
  ]),
);

export const framework = schemaOf<FrameworkSpec>()(
  z.object({
    name: z.enum(FRAMEWORKS),
    args: strings,
    cwd: z.string(),
    warm: z.optional(z.union([z.literal(true), z.literal('auto')])),
    isolation: z.optional(z.literal('suite')),
    network: z.optional(z.literal('own')),
    coverage: z.optional(z.enum(['on', 'off'])),
    coverageCommand: z.optional(strings),
    env: z.object({ pass: z.optional(strings), set: z.optional(z.record(z.string(), z.string())) }),
    command: z.optional(strings),
    list: z.optional(strings),
    select: z.optional(z.object({ only: strings, except: strings })),
    report: z.optional(z.object({ kind: z.enum(REPORT_KINDS), path: z.optional(z.string()) })),
    serve: z.optional(strings),
  }),
);

export const selection = schemaOf<Selection>()(
  z.object({ include: strings, exclude: strings, only: strings, files: z.optional(strings) }),
);

export const orderBy = schemaOf<OrderBy>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['recorded', 'path']) }),
    z.object({ kind: z.literal('random'), seed: z.optional(z.number()) }),
  ]),
);

const retryPolicy = schemaOf<RetryPolicy>()(
  z.object({
    when: z.enum(['now', 'end']),
    maxTotal: z.nullable(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('count'), count: z.number() }),
        z.object({ kind: z.literal('share'), share: z.number() }),
      ]),
    ),
    delayMs: ms,
    only: strings,
    infrastructure: strings,
  }),
);

const overrides = {
  timeoutMs: z.optional(ms),
  retries: z.optional(z.number()),
  priority: z.optional(z.literal('first')),
  serial: z.optional(z.string()),
  slots: z.optional(z.number()),
  memoryMb: z.optional(z.number()),
  resources: z.optional(counts),
  overlap: z.optional(z.boolean()),
  needs: z.optional(strings),
};

const fileRule = schemaOf<FileRule>()(z.object({ ...overrides, files: z.string(), splitOverMs: z.optional(ms) }));

export const suiteInput = schemaOf<SuiteInput>()(
  z.object({
    source,
    framework,
    selection,
    budget: z.object({ maxAttempts: z.number(), maxLosses: z.number() }),
    timeoutMs: z.nullable(ms),
    rules: z.optional(z.array(fileRule)),
    resources: z.optional(counts),
    order: z.optional(orderBy),
    retry: z.optional(retryPolicy),
    repeatNew: z.optional(z.number()),
    speculation: z.optional(z.boolean()),
    secondLook: z.optional(z.boolean()),
    killGraceMs: z.optional(ms),
    heartbeatTimeoutMs: ms,
    runTimeoutMs: z.optional(z.nullable(ms)),
    maxInFlight: z.nullable(z.number()),
    maxFailures: z.nullable(z.number()),
    repeatEach: z.number(),
    passWithNoTests: z.boolean(),
    failOnFlaky: z.boolean(),
    suite: z.string(),
    runId: z.string(),
    ciAttempt: z.number(),
    previousRunId: z.optional(z.string()),
    isRerun: z.optional(z.boolean()),
    isBackground: z.optional(z.boolean()),
    owner: z.optional(z.string()),
    schedule: z.optional(z.string()),
    commit: z.optional(z.string()),
    queues,
    isSigned: z.optional(z.boolean()),
    environment: z.optional(z.string()),
  }),
);

export const part = z.object({ number: z.number(), of: z.number(), named: claimCheck(z.array(z.array(strings))) });

const planned = {
  ...overrides,
  path: z.string(),
  repeat: z.number(),
  estimateMs: z.nullable(ms),
  killGraceMs: z.optional(ms),
  quarantine: z.optional(z.object({ cases: z.nullable(strings), reason: z.string(), isExpired: z.boolean() })),
  owner: z.optional(z.string()),
  content: z.optional(z.string()),
  part: z.optional(part),
  apart: z.optional(z.string()),
};

export const plannedFile = schemaOf<PlannedFile>()(z.object(planned));

export const copy = schemaOf<Copy>()(
  z.object({
    isOriginal: z.boolean(),
    worker: z.nullable(z.string()),
    startedAtMs: ms,
    wastedMs: ms,
    savedMs: ms,
    outcome: z.nullable(testOutcomeKind),
  }),
);

export const fileResult = schemaOf<FileResult>()(
  z.object({
    ...planned,
    copies: z.optional(z.array(copy)),
    verdict,
    attempts: z.array(attemptRecord),
    reason: z.optional(z.string()),
  }),
);

/** How many files have each verdict. */
export const countsOfVerdicts = {
  passed: z.number(),
  flaky: z.number(),
  failed: z.number(),
  quarantined: z.number(),
  skipped: z.number(),
  notRun: z.number(),
  infraError: z.number(),
};

export const totals = schemaOf<Totals>()(
  z.object({
    planned: z.number(),
    ...countsOfVerdicts,
    lost: z.number(),
    countedTwice: z.number(),
    cases: caseCounts,
  }),
);

export const runStatus = z.enum(['passed', 'failed', 'incomplete', 'cancelled']);

export const suiteResult = schemaOf<SuiteResult>()(
  z.object({
    suite: z.string(),
    runId: z.string(),
    status: runStatus,
    exitCode: z.number(),
    totals,
    problem: z.nullable(z.string()),
    report: z.nullable(z.string()),
  }),
);
