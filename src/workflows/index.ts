import { setWorkflowOptions } from '@temporalio/workflow';
import { lookup } from './lookup.js';
import { lend } from './sharing/lend.js';
import { runBatch } from './suite/run-batch.js';
import { runSuite } from './suite/run-suite.js';

export { lend, lookup, runBatch, runSuite };

// A bug ends its run, which says so: by default, a run would wait for a bug fix. One that a control worker of another version cannot
// continue still waits, for one that can; the same setting of the worker would end that, too.
const options = { failureExceptionTypes: [Error] };
setWorkflowOptions(options, lookup);
setWorkflowOptions(options, lend);
setWorkflowOptions(options, runBatch);
setWorkflowOptions(options, runSuite);
