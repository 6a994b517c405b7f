export { lookup } from './lookup.js';
export { lend } from './sharing/lend.js';
export { runBatch } from './suite/run-batch.js';
export { runSuite } from './suite/run-suite.js';
