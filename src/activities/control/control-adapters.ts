import type { Parcels } from '../../adapters/objects/parcels.js';
import type { ResultsStore } from '../../adapters/results/results-store.js';
import type { FleetSight, Gone } from '../../core/fleet.js';

/** All that the activities of a control worker touch of the world. */
export type ControlAdapters = {
  readonly parcels: Parcels;
  readonly results: ResultsStore;
  /** The workers that poll a queue of tests and are not gone. */
  readonly lookAtFleet: (testsQueue: string, gone: Gone) => Promise<FleetSight>;
  /** Does this glob mean this path? */
  readonly matchesGlob: (glob: string, path: string) => boolean;
  /** Address of a run in Temporal's Web UI; null where none is known. */
  readonly webUrlOf: (workflowId: string) => string | null;
};
