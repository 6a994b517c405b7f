import type { FleetSnapshot, LostWorkers, RunningAttempt } from '../fleet/fleet.js';
import type { QuarantineEntry } from '../plan/quarantine.js';
import { attemptRecord, claimCheck, ms, strings } from './attempt.js';
import { schemaOf, type Values, z } from './schema.js';
import { framework, part, selection, source } from './suite.js';

/** What a test worker gets to list the test files of a suite. */
export const discoverInput = z.object({
  suite: z.string(),
  runId: z.string(),
  source,
  framework,
  selection,
  /** Also hash the files, to find out which have changed. */
  withContents: z.optional(z.boolean()),
});
export type DiscoverInput = Values<typeof discoverInput>;

const quarantineEntry = schemaOf<QuarantineEntry>()(
  z.object({
    file: z.string(),
    case: z.optional(z.string()),
    reason: z.string(),
    owner: z.optional(z.string()),
    expires: z.string(),
    environments: strings,
    line: z.number(),
  }),
);

/** Facts about the test files from their repository. */
export const repositoryFacts = z.object({
  quarantine: z.array(quarantineEntry),
  codeowners: z.nullable(z.object({ text: z.string(), prefix: z.string() })),
  /** Content hashes by path; null if not requested. */
  contents: z.nullable(z.record(z.string(), z.string())),
  /** In bytes, by path. */
  sizes: z.record(z.string(), z.number()),
});
export type RepositoryFacts = Values<typeof repositoryFacts>;

/** The test files of a run. The list is fixed for the run, and every file in it gets a verdict. */
export const manifest = z.object({
  count: z.number(),
  files: claimCheck(strings),
  /** The commit that the source was resolved to; null if unknown. */
  commit: z.nullable(z.string()),
  repository: claimCheck(repositoryFacts),
});
export type Manifest = Values<typeof manifest>;

/** Settings of one file of a dispatch. */
const fileOfDispatch = z.object({
  /** Id of this attempt in its workflow, such as `f12.1`. */
  id: z.string(),
  path: z.string(),
  repeat: z.number(),
  /** From 1, losses excluded; HOLDFAST_ATTEMPT for the tests. */
  attempt: z.number(),
  /** From 1, losses included. Unique per dispatch of a file, so that leftovers of a lost one are never read. */
  dispatch: z.number(),
  /** Run only this part of the file. */
  part: z.optional(part),
  timeoutMs: ms,
  /** Estimated duration; null without a record. */
  estimateMs: z.nullable(ms),
  /** Time between SIGTERM and SIGKILL at the timeout. */
  killGraceMs: ms,
  /** Name patterns of cases that may fail. */
  quarantinedCases: z.optional(strings),
  /** It has the machine to itself: a second look, in a process of its own. */
  alone: z.optional(z.literal(true)),
  /** Files that run before it in the same process, by its rule. */
  needs: z.optional(strings),
  /** The same for a look in company, in place of that. */
  after: z.optional(strings),
});
export type FileOfDispatch = Values<typeof fileOfDispatch>;

/** Settings for every file of a dispatch. */
const commonOfDispatch = z.object({
  suite: z.string(),
  runId: z.string(),
  source,
  commit: z.nullable(z.string()),
  framework,
  /** Patterns matched against the output of a red attempt. */
  patterns: z.optional(z.object({ only: strings, infrastructure: strings })),
});
export type CommonOfDispatch = Values<typeof commonOfDispatch>;

/** The slots and memory that a dispatch takes on its worker. */
const slotRequest = z.object({
  slots: z.number(),
  /** In MB; takes as many slots as together have that much. */
  memoryMb: z.optional(z.number()),
  /** Give up if no slots are free within this time, in ms; undefined: wait for as long as it takes. */
  withinMs: z.optional(ms),
});
export type SlotRequest = Values<typeof slotRequest>;

/** One dispatch: files of a suite that one worker runs one after another in the same slot; one file, or several short ones. */
export const runFilesInput = z.object({
  common: commonOfDispatch,
  files: z.array(fileOfDispatch),
  slots: slotRequest,
  /** Time after which the running file gives way to those queued behind it, in ms. */
  patienceMs: ms,
});
export type RunFilesInput = Values<typeof runFilesInput>;

/** The details of a heartbeat: who has the work, since when, and its progress. The workflow reads them if the worker is lost. */
export const beatDetails = z.object({
  worker: z.string(),
  /** Start of the running file, or of the work if no file is running, epoch ms. */
  startedAtMs: ms,
  elapsedMs: ms,
  /** The running file. The Web UI shows it. */
  file: z.optional(z.string()),
  /** For several files: the records so far, in order. */
  done: z.optional(z.array(attemptRecord)),
});
export type BeatDetails = Values<typeof beatDetails>;

export const lostWorkers = schemaOf<LostWorkers>()(z.record(z.string(), ms));

export const fleetSnapshot = schemaOf<FleetSnapshot>()(
  z.object({
    slots: z.number(),
    largest: z.number(),
    largestMemoryMb: z.number(),
    workers: strings,
    sick: z.array(z.object({ worker: z.string(), reason: z.string() })),
  }),
);

export const runningAttempt = schemaOf<RunningAttempt>()(
  z.object({ activityId: z.string(), worker: z.string(), startedAtMs: ms }),
);
