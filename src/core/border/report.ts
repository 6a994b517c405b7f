import { FRAMEWORKS } from '../model/frameworks.js';
import type { SuiteReport } from '../model/suite-report.js';
import { clash, lossCause, ms, strings, testCase, testOutcomeKind, verdict } from './attempt.js';
import { schemaOf, z } from './schema.js';
import { runStatus, totals } from './suite.js';

const time = z.string();

const run = z.object({
  id: z.string(),
  suite: z.string(),
  framework: z.enum(FRAMEWORKS),
  status: runStatus,
  exitCode: z.number(),
  startedAt: time,
  finishedAt: time,
  makespanMs: ms,
  boundMs: ms,
  slots: z.number(),
  webUrl: z.nullable(z.string()),
  commit: z.nullable(z.string()),
  previousRunId: z.nullable(z.string()),
  problem: z.nullable(z.string()),
  merged: z.nullable(totals),
  order: z.enum(['recorded', 'path', 'random']),
  seed: z.nullable(z.number()),
  savedMs: ms,
  wastedMs: ms,
  changes: z.array(z.object({ what: z.string(), who: z.string(), at: time })),
  coverage: z.optional(
    z.object({
      verdict: z.enum(['met', 'below', 'skipped', 'failed']),
      reason: z.nullable(z.string()),
      tests: z.object({ status: runStatus, exitCode: z.number() }),
    }),
  ),
});

const partReport = z.object({
  number: z.number(),
  attempt: z.number(),
  outcome: testOutcomeKind,
  worker: z.string(),
  startedAt: time,
  durationMs: ms,
  cases: z.number(),
  left: z.nullable(z.number()),
  output: z.nullable(z.string()),
});

const attemptReport = z.object({
  number: z.number(),
  speculative: z.boolean(),
  outcome: testOutcomeKind,
  reason: z.nullable(z.string()),
  worker: z.string(),
  startedAt: time,
  durationMs: ms,
  exitCode: z.nullable(z.number()),
  signal: z.nullable(z.string()),
  cases: z.array(testCase),
  outputTail: z.string(),
  output: z.nullable(z.string()),
  redAfter: z.optional(strings),
  beside: z.optional(strings),
  clash: z.optional(clash),
  alone: z.optional(z.literal(true)),
  after: z.optional(strings),
  stayedOpen: z.optional(strings),
  coverage: z.optional(strings),
  parts: z.optional(z.array(partReport)),
});

const fileReport = z.object({
  path: z.string(),
  repeat: z.number(),
  verdict,
  estimateMs: z.nullable(ms),
  owner: z.nullable(z.string()),
  reason: z.nullable(z.string()),
  company: z.optional(z.enum(['collides', 'dependsOnFilesBefore'])),
  apart: z.optional(z.string()),
  attempts: z.array(attemptReport),
  losses: z.array(
    z.object({
      worker: z.nullable(z.string()),
      cause: lossCause,
      reason: z.string(),
      at: time,
      lostMs: ms,
      resumedAfterMs: z.nullable(ms),
    }),
  ),
  copies: z.array(
    z.object({
      isOriginal: z.boolean(),
      worker: z.nullable(z.string()),
      startedAt: time,
      wastedMs: ms,
      savedMs: ms,
      outcome: z.nullable(testOutcomeKind),
    }),
  ),
});

/** The JSON result of a run. */
export const suiteReport = schemaOf<SuiteReport>()(
  z.object({ schemaVersion: z.literal(1), run, totals, files: z.array(fileReport) }),
);
