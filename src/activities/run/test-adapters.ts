import type { ClaimChecks } from '../../adapters/objects/claim-checks.js';
import type { LoadMeter } from '../../adapters/process/load-meter.js';
import type { Slots } from '../../adapters/process/slots.js';
import type { Repository } from '../../adapters/repository/index.js';
import type { Sources } from '../../adapters/sources/sources.js';
import type { HealthSignal } from '../../core/fleet/health.js';
import type { Environment } from '../../core/model/environment.js';
import type { FrameworkName } from '../../core/model/frameworks.js';
import type { Framework } from '../../frameworks/framework.js';
import type { ListTestFiles } from '../../frameworks/index.js';
import type { FileRunner } from '../../frameworks/run-file.js';

/** All that the activities of a test worker touch of the world. */
export type TestAdapters = {
  /** `host/pid`, as it is told in records. */
  readonly worker: string;
  readonly slots: Slots;
  /** Memory of this worker, in MB. */
  readonly memoryMb: number;
  readonly loadMeter: LoadMeter;
  readonly claimChecks: ClaimChecks;
  readonly sources: Sources;
  readonly frameworkOf: (name: FrameworkName) => Framework;
  readonly listTestFiles: ListTestFiles;
  readonly repository: Repository;
  readonly fileRunner: FileRunner;
  /** The worker's own environment, from which that of the tests is made. */
  readonly environment: Environment;
  /** What marks every process that is started for a run, so that none outlives this worker. */
  readonly marks: Readonly<Record<string, string>>;
  /** Aborted when this worker leaves: what runs is handed back. */
  readonly leaving: AbortSignal;
  /** Why nothing can be run on this machine now; null when it can. */
  readonly whyUnfit: () => Promise<string | null>;
  /** Told what each piece of work says of this worker. */
  readonly tellHealth: (sign: HealthSignal) => void;
  /** A line for the worker's own log. */
  readonly log: (line: string) => void;
};
