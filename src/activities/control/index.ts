import type { ControlAdapters } from './control-adapters.js';
import { createFinish, type FinishInput, type Problem } from './finish.js';
import { type Answer, createLookup, type Question } from './lookup.js';
import { createOpenBatch } from './open-batch.js';
import { type Batch, createPlan, type Plan, type PlanInput } from './plan.js';
import { createRecord, type RecordInput } from './record.js';
import { whileBeating } from './while-beating.js';

export type { Answer, Batch, ControlAdapters, FinishInput, Plan, PlanInput, Problem, Question, RecordInput };

/** The bookkeeping activities, which run on stable machines. Each may be killed at any time and repeated. */
export function createControlActivities(adapters: ControlAdapters) {
  return {
    plan: whileBeating(createPlan(adapters)),
    openBatch: whileBeating(createOpenBatch(adapters)),
    record: whileBeating(createRecord(adapters)),
    countSlots: whileBeating(adapters.lookAtFleet),
    lookAtRunning: whileBeating(adapters.lookAtRunning),
    areRunning: whileBeating(adapters.areRunning),
    finish: whileBeating(createFinish(adapters)),
    lookup: whileBeating(createLookup(adapters)),
  };
}

export type ControlActivities = ReturnType<typeof createControlActivities>;
