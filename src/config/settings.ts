import type { Cloud } from '../core/fleet/cloud.js';
import type { Queues, SuiteSpec } from '../core/model/suite.js';
import type { ReporterSpec } from '../reporters/index.js';
import type { CiIdentity } from './ci.js';
import type { PreemptSignal } from './worker-options.js';

/** Who decided a value. Each outweighs those after it. */
export type Origin = 'flag' | 'environment' | 'file' | 'default';

/** One line of `holdfast config`: a value as it may be shown (secrets masked), and where it came from. */
export type ShownSetting = {
  /** Such as `worker.slots` or `suites.unit.retries`. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
  /** The flag, the variable, the file; why it is the default. */
  readonly detail: string;
};

/** One suite with everything in force for it: the workflow's input, but for what is known only of a run. Durations are ms. */
export type SuiteSettings = SuiteSpec & {
  readonly name: string;
  /** Runs only when named with --suite. */
  readonly manual: boolean;
};

/** A worker of this project. Durations are ms. */
export type WorkerSettings = {
  readonly slots: number;
  readonly shutdownGraceMs: number;
  /** It leaves after this many files, and somebody else restarts it; null never. */
  readonly recycleAfter: number | null;
  /** A signal that tells it to leave, beside SIGTERM and SIGINT. */
  readonly preemptSignal: PreemptSignal | null;
  /** Whose metadata service is polled for a preemption notice. */
  readonly cloud: Cloud | null;
};

/** What every command needs to know, workers without a project included. Paths are absolute. */
export type ProjectSettings = {
  /** The folder of the configuration; without one the folder the command was started in. */
  readonly projectRoot: string;
  readonly configFile: string | null;
  /** `.holdfast` of the project: what the embedded stack keeps. */
  readonly stateFolder: string;
  readonly worker: WorkerSettings;
  readonly queuePrefix: string;
  readonly queues: Queues;
  /** PostgreSQL of the results; null for the embedded store. Holds a password: never print it. */
  readonly databaseUrl: string | null;
  /** Folder or `file:` URL of the object store. */
  readonly objects: string;
  /** Base address of Temporal's Web UI, for links; null where none is given. That of an embedded stack is known. */
  readonly webUi: string | null;
  /** A Temporal binary named outright. */
  readonly temporalCli: string | null;
  readonly owner: string | null;
  /** Where the tests run, such as `staging`; null where nobody told. */
  readonly environment: string | null;
  readonly origins: readonly ShownSetting[];
};

/** The project and what a run of it is to do. */
export type Settings = ProjectSettings & {
  /** The suites of this run: those named, or all that are not manual. Never empty. */
  readonly suites: readonly SuiteSettings[];
  /** List of files to run, as from --files-from: a path or `-`; null when there is none. `checkSelection` reads it. */
  readonly filesFrom: string | null;
  /** As asked for, flag or environment; null leaves it to the CI's identity or a generated id. */
  readonly runId: string | null;
  /** What the CI says of this job; null outside of one. */
  readonly ci: CiIdentity | null;
  readonly reporters: readonly ReporterSpec[];
  readonly detach: boolean;
  /** Print the plan, start nothing. */
  readonly dryRun: boolean;
  /** Start workers here although a server is configured. */
  readonly withWorkers: boolean;
};
