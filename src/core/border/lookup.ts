import type { Estimate } from '../history/durations.js';
import type { Observation } from '../history/flakiness.js';
import type { KeptApart } from '../model/company.js';
import type { CoverageVerdict } from '../model/coverage.js';
import type { ListedRun } from '../model/listed-run.js';
import { ms, strings } from './attempt.js';
import { suiteReport } from './report.js';
import { schemaOf, type Values, z } from './schema.js';
import { totals } from './suite.js';

const past = z.object({
  suite: z.string(),
  runs: z.number(),
  /** A path, or a case's name: its last part, or all parts joined by ` > `. undefined for everything that was ever red. */
  subject: z.optional(z.string()),
});
/** A query of the past: the latest runs of a suite, and in them either everything that was ever red, or one subject. */
export type Past = Values<typeof past>;

const coverageVerdict = schemaOf<CoverageVerdict>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('met') }),
    z.object({ kind: z.literal('below') }),
    z.object({ kind: z.literal('skipped') }),
    z.object({ kind: z.literal('failed'), reason: z.string() }),
  ]),
);

/** What the command line can ask of the store, which only control workers can reach. */
export const question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('runs'), limit: z.number() }),
  z.object({ kind: z.literal('durations'), suite: z.string() }),
  z.object({ kind: z.literal('report'), address: z.string() }),
  z.object({ kind: z.literal('observations'), past }),
  z.object({ kind: z.literal('importDurations'), suite: z.string(), durations: z.record(z.string(), ms) }),
  z.object({ kind: z.literal('apart'), suite: z.string() }),
  /** `paths` null: all files of the suite. */
  z.object({ kind: z.literal('forgetApart'), suite: z.string(), paths: z.nullable(strings) }),
  /** The bytes at these addresses of raw coverage, one after another: as many as fit, from this offset in the first one. */
  z.object({ kind: z.literal('rawCoverage'), addresses: strings, offset: z.number() }),
  /** The coverage of a run has been judged: its report and its record get the verdict. */
  z.object({ kind: z.literal('judgeCoverage'), suite: z.string(), runId: z.string(), verdict: coverageVerdict }),
  z.object({ kind: z.literal('store') }),
]);
export type Question = Values<typeof question>;

const listedRun = schemaOf<ListedRun>()(
  z.object({
    suite: z.string(),
    runId: z.string(),
    status: z.string(),
    startedAtMs: ms,
    finishedAtMs: z.nullable(ms),
    owner: z.nullable(z.string()),
    commit: z.nullable(z.string()),
    totals: z.nullable(totals),
  }),
);

const estimate = schemaOf<Estimate>()(z.object({ ms, spreadMs: ms, slowestMs: ms, samples: z.number() }));

const observation = schemaOf<Observation>()(
  z.object({
    path: z.string(),
    name: z.nullable(strings),
    runId: z.string(),
    commit: z.nullable(z.string()),
    atMs: ms,
    machines: strings,
    hasPassed: z.boolean(),
    hasFailed: z.boolean(),
  }),
);

const keptApart = schemaOf<KeptApart>()(z.object({ path: z.string(), seen: z.string(), sinceMs: ms }));

export const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('runs'), runs: z.array(listedRun) }),
  /** By path. */
  z.object({ kind: z.literal('durations'), estimates: z.record(z.string(), estimate) }),
  /** null if the object store there does not have it. */
  z.object({ kind: z.literal('report'), report: z.nullable(suiteReport) }),
  z.object({ kind: z.literal('observations'), observations: z.array(observation) }),
  z.object({ kind: z.literal('importDurations') }),
  z.object({ kind: z.literal('apart'), files: z.array(keptApart) }),
  z.object({ kind: z.literal('forgetApart'), forgotten: strings }),
  z.object({ kind: z.literal('rawCoverage'), pieces: z.array(z.nullable(z.object({ text: z.string(), isLast: z.boolean() }))) }),
  /** The verdict that stands. */
  z.object({ kind: z.literal('judgeCoverage'), verdict: coverageVerdict }),
  /** The name of the newest schema migration. */
  z.object({ kind: z.literal('store'), schemaVersion: z.string() }),
]);
export type Answer = Values<typeof answer>;
