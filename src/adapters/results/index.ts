export { openResults, type ResultsPlace } from './open.js';
export type { RecordedFile, ResultsStore, RunKey, RunRow } from './results-store.js';
