import type { ClaimChecks } from '../../adapters/objects/claim-checks.js';
import type { Company } from '../../adapters/process/company.js';
import type { LoadMeter } from '../../adapters/process/load-meter.js';
import type { NetworkWords } from '../../adapters/process/own-network.js';
import type { Slots } from '../../adapters/process/slots.js';
import type { Repository } from '../../adapters/repository/index.js';
import type { Sources } from '../../adapters/sources/sources.js';
import type { HealthSignal } from '../../core/fleet/health.js';
import type { Environment } from '../../core/model/environment.js';
import type { FrameworkName } from '../../core/model/frameworks.js';
import type { Framework } from '../../frameworks/framework.js';
import type { ListTestFiles } from '../../frameworks/index.js';
import type { FileRunner } from '../../frameworks/run-file.js';

/** Everything outside the process that the activities of a test worker use. */
export type TestAdapters = {
  /** `host/pid`, as in records. */
  readonly worker: string;
  readonly slots: Slots;
  /** Memory of this worker, in MB. */
  readonly memoryMb: number;
  readonly loadMeter: LoadMeter;
  readonly company: Company;
  /** The test file, or else the program, that listens on a port of this machine; undefined if unknown. */
  readonly holderOfPort: (port: number) => Promise<string | undefined>;
  /** Words that give a command a network of its own. Throws NETWORK_SHARED where that is impossible. */
  readonly ownNetwork: () => Promise<NetworkWords>;
  readonly claimChecks: ClaimChecks;
  readonly sources: Sources;
  readonly frameworkOf: (name: FrameworkName) => Framework;
  readonly listTestFiles: ListTestFiles;
  readonly repository: Repository;
  readonly fileRunner: FileRunner;
  /** The environment from which that of a run's tests is derived, by workflow id. */
  readonly environmentOf: (workflowId: string) => Promise<Environment>;
  /** Creates a function that says whether a pattern of the suite matches this text, for patterns that may take for ever: one that does is none. */
  readonly matcherOf: (text: string) => (pattern: string) => boolean;
  /** Environment variables that mark every process started for a run, so that none outlives this worker. */
  readonly marks: Readonly<Record<string, string>>;
  /** Aborts when this worker shuts down: running files are handed back. */
  readonly leaving: AbortSignal;
  /** Why nothing can run on this machine at present; null if it can. */
  readonly unfitReason: () => Promise<string | null>;
  /** Takes what each piece of work says about the health of this worker. */
  readonly onHealthSignal: (signal: HealthSignal) => void;
  /** Adds a line to the worker's log. */
  readonly log: (line: string) => void;
};
