import type { Cloud } from '../core/fleet/cloud.js';
import type { ProjectCall } from '../core/model/detected.js';
import type { Queues, SuiteSpec } from '../core/model/suite.js';
import type { ReporterSpec } from '../reporters/index.js';
import type { CiIdentity } from './ci.js';
import type { PreemptSignal } from './worker-options.js';

/** Where a value came from. Each takes precedence over those after it. */
export type Origin = 'flag' | 'environment' | 'file' | 'default';

/** One line of `holdfast config`: a value with secrets masked, and its origin. */
export type ShownSetting = {
  /** Such as `worker.slots` or `suites.unit.retries`. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
  /** The flag, the variable or the place in the file; for a default, its description. */
  readonly detail: string;
};

/** One suite with all its settings: the workflow's input, except for what is only known per run. Durations are in ms. */
export type SuiteSettings = SuiteSpec & {
  readonly name: string;
  /** Runs only when named with --suite. */
  readonly manual: boolean;
};

/** Settings of this project's workers. Durations are in ms. */
export type WorkerSettings = {
  readonly slots: number;
  readonly shutdownGraceMs: number;
  /** The worker leaves after this many files, for its supervisor to restart it; null for never. */
  readonly recycleAfter: number | null;
  /** A signal that tells the worker to leave, besides SIGTERM and SIGINT. */
  readonly preemptSignal: PreemptSignal | null;
  /** The cloud whose metadata service is polled for a preemption notice. */
  readonly cloud: Cloud | null;
};

/** Settings that every command needs, including workers without a project. Paths are absolute. */
export type ProjectSettings = {
  /** Folder of the configuration file; without one, the working directory. */
  readonly projectRoot: string;
  readonly configFile: string | null;
  /** `.holdfast` in the project root, which has the state of the embedded stack. */
  readonly stateFolder: string;
  readonly worker: WorkerSettings;
  readonly queuePrefix: string;
  readonly queues: Queues;
  /** PostgreSQL URL of the results store; null for the embedded store. May contain a password: never print it. */
  readonly databaseUrl: string | null;
  /** Folder or `file:` URL of the object store. */
  readonly objects: string;
  /** Base URL of Temporal's Web UI for links; null if not configured. An embedded stack knows its own. */
  readonly webUi: string | null;
  /** Path of the file with the keys that sign what travels through Temporal; null: the project's own on its embedded stack, none elsewhere. */
  readonly keyFile: string | null;
  /** How long the embedded stack stays up after a command on a terminal. */
  readonly idleMs: number;
  /** Path of a configured Temporal CLI binary. */
  readonly temporalCli: string | null;
  readonly owner: string | null;
  /** Where the tests run, such as `staging`; null if not configured. */
  readonly environment: string | null;
  readonly origins: readonly ShownSetting[];
};

/** Settings of the project and of one run. */
export type Settings = ProjectSettings & {
  /** The suites of this run: those named, or all that are not manual. Never empty. */
  readonly suites: readonly SuiteSettings[];
  /** The calls of the project's own test script that suites come from; empty with a configuration. */
  readonly calls: readonly { readonly suite: string; readonly call: ProjectCall }[];
  /** The list given by --files-from: a path, or `-` for stdin; null without one. `checkSelection` reads it. */
  readonly filesFrom: string | null;
  /** Run id from flag or environment; null to use the CI's identity or a generated id. */
  readonly runId: string | null;
  /** Identity of the CI job; null outside CI. */
  readonly ci: CiIdentity | null;
  readonly reporters: readonly ReporterSpec[];
  readonly detach: boolean;
  /** Print the plan without starting anything. */
  readonly dryRun: boolean;
  /** Start local workers even if a server is configured. */
  readonly withWorkers: boolean;
};
