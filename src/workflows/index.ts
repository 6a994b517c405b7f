export { lend } from './lend.js';
export { lookup } from './lookup.js';
export { runBatch } from './run-batch.js';
export { runSuite } from './run-suite.js';
