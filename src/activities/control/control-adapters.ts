import type { Parcels } from '../../adapters/objects/parcels.js';
import type { ResultsStore } from '../../adapters/results/results-store.js';
import type { Gone } from '../../core/fleet.js';

/** All that the activities of a control worker touch of the world. */
export type ControlAdapters = {
  readonly parcels: Parcels;
  readonly results: ResultsStore;
  /** Slots of the workers that poll a queue of tests and are not gone. */
  readonly countSlots: (testsQueue: string, gone: Gone) => Promise<number>;
  /** Address of a run in Temporal's Web UI; null where none is known. */
  readonly webUrlOf: (workflowId: string) => string | null;
};
