export { ACTIVITIES, HEARTBEAT, QUERIES, SIGNALS, UPDATES, WORKFLOWS } from './calls.js';
export type { Answer, Past, Question } from './lookup.js';
export type { Batch, BatchInput, BatchResult, FinishInput, Plan, PlanInput, Problem, RecordInput } from './plan.js';
export { received } from './received.js';
export type {
  BeatDetails,
  CommonOfDispatch,
  DiscoverInput,
  FileOfDispatch,
  Manifest,
  RepositoryFacts,
  RunFilesInput,
  SlotRequest,
} from './run.js';
export { type Parsed, parse, type Schema } from './schema.js';
export { OBJECTS, STORED_FILE } from './stored.js';
