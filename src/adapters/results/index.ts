export { openResults, type ResultsPlace, type ResultsView, viewResults } from './open.js';
export type { RecordedFile, ResultsStore, RunKey } from './results-store.js';
