import type { ControlAdapters } from './control-adapters.js';
import { createFinish } from './finish.js';
import { createLookup } from './lookup.js';
import { createOpenBatch } from './open-batch.js';
import { createPlan } from './plan.js';
import { createRecord } from './record.js';
import { whileBeating } from './while-beating.js';

export type { ControlAdapters };

/** The bookkeeping activities, which run on stable machines. Each may be killed at any time and repeated. */
export function createControlActivities(adapters: ControlAdapters) {
  return {
    plan: whileBeating(createPlan(adapters)),
    openBatch: whileBeating(createOpenBatch(adapters)),
    record: whileBeating(createRecord(adapters)),
    countSlots: whileBeating(adapters.lookAtFleet),
    lookAtRunning: whileBeating(adapters.lookAtRunning),
    senderOf: whileBeating(adapters.senderOf),
    areRunning: whileBeating(adapters.areRunning),
    finish: whileBeating(createFinish(adapters)),
    lookup: whileBeating(createLookup(adapters)),
  };
}

export type ControlActivities = ReturnType<typeof createControlActivities>;
