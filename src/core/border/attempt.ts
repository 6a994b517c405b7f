import type { Load } from '../fleet/load.js';
import type { AttemptOutcome, AttemptRecord, PartRun } from '../model/attempt.js';
import type { CaseCounts, FailureExcerpt, TestCase } from '../model/cases.js';
import type { Clash } from '../model/clash.js';
import { schemaOf, z } from './schema.js';

/** Epoch ms, or a duration in ms. */
export const ms = z.number();
export const strings = z.array(z.string());
const yes = z.literal(true);
const optionalStrings = z.optional(strings);

/** A value, or its address in the object store. */
export const claimCheck = <S extends z.ZodMiniType>(value: S) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('inline'), value }),
    z.object({ kind: z.literal('stored'), address: z.string() }),
  ]);

const claimChecks = <S extends z.ZodMiniType>(item: S) =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('inline'), value: z.array(item) }),
    z.object({ kind: z.literal('stored'), address: z.string() }),
    z.object({ kind: z.literal('pieces'), pieces: z.array(claimCheck(z.array(item))) }),
  ]);

export const verdict = z.enum(['passed', 'flaky', 'failed', 'quarantined', 'skipped', 'notRun', 'infraError']);
export const testOutcomeKind = z.enum(['passed', 'failed', 'timedOut', 'crashed', 'noTests']);
export const lossCause = z.enum(['preempted', 'heartbeatTimeout', 'leaseLost', 'paused', 'broken', 'infrastructure']);

export const caseCounts = schemaOf<CaseCounts>()(z.object({ passed: z.number(), failed: z.number(), skipped: z.number() }));

export const testCase = schemaOf<TestCase>()(
  z.object({
    name: strings,
    status: z.enum(['passed', 'failed', 'skipped']),
    durationMs: ms,
    message: z.nullable(z.string()),
    stack: z.optional(z.string()),
    retries: z.optional(z.number()),
    output: z.optional(z.string()),
  }),
);

const failureExcerpt = schemaOf<FailureExcerpt>()(z.object({ name: strings, message: z.string() }));

const load = schemaOf<Load>()(
  z.object({
    cpuMs: z.nullable(ms),
    busySlots: z.number(),
    cores: z.number(),
    idleShare: z.number(),
    machine: z.string(),
  }),
);

export const clash = schemaOf<Clash>()(
  z.object({ kind: z.enum(['address', 'path', 'database']), what: z.string(), holder: z.optional(z.string()) }),
);

const partRun = schemaOf<PartRun>()(
  z.object({
    number: z.number(),
    attempt: z.number(),
    outcome: testOutcomeKind,
    worker: z.nullable(z.string()),
    startedAtMs: ms,
    durationMs: ms,
    cases: z.number(),
    left: z.nullable(z.number()),
    output: z.nullable(z.string()),
    load: z.optional(load),
  }),
);

const processResult = {
  durationMs: ms,
  exitCode: z.nullable(z.number()),
  signal: z.nullable(z.string()),
  counts: caseCounts,
  failures: z.array(failureExcerpt),
  outputTail: z.string(),
  output: z.nullable(z.string()),
  load: z.optional(load),
  mayRepeat: z.optional(z.literal(false)),
  isCopy: z.optional(yes),
  isQuarantined: z.optional(yes),
  redAfter: optionalStrings,
  beside: optionalStrings,
  clash: z.optional(clash),
  alone: z.optional(yes),
  after: optionalStrings,
  stayedOpen: optionalStrings,
  coverage: optionalStrings,
  callMs: z.optional(ms),
  left: z.optional(z.nullable(z.number())),
  parts: z.optional(z.array(partRun)),
};

const lost = z.object({
  kind: z.literal('lost'),
  cause: lossCause,
  reason: z.string(),
  atMs: ms,
  output: z.optional(z.nullable(z.string())),
  resumedAtMs: z.optional(z.nullable(ms)),
});

/** The outcome of an attempt whose process has a result of this shape. */
const outcomeWith = <Shape extends Record<string, z.ZodMiniType>>(result: Shape) =>
  z.discriminatedUnion('kind', [
    z.object({ ...result, kind: z.literal('passed') }),
    z.object({ ...result, kind: z.literal('failed') }),
    z.object({
      ...result,
      kind: z.literal('timedOut'),
      endedBy: z.enum(['SIGTERM', 'SIGKILL', 'server']),
      timeoutMs: ms,
    }),
    z.object({ ...result, kind: z.literal('crashed'), reason: z.string() }),
    z.object({ ...result, kind: z.literal('noTests'), isError: z.boolean() }),
    lost,
  ]);

export const attemptOutcome = schemaOf<AttemptOutcome>()(outcomeWith({ ...processResult, report: claimChecks(testCase) }));

export const attemptRecord = schemaOf<AttemptRecord>()(
  z.object({ worker: z.nullable(z.string()), startedAtMs: ms, outcome: attemptOutcome }),
);
