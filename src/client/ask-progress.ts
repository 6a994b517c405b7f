import type { WorkflowHandle } from '@temporalio/client';
import { QUERIES, received } from '../core/border/index.js';
import type { Progress } from '../core/model/progress.js';
import { progressQuery } from '../workflows/messages.js';

/** Asks a run or batch for its progress since the cursor. Throws MALFORMED. */
export async function askProgress(handle: WorkflowHandle, cursor: number): Promise<Progress> {
  return received(QUERIES.progress.output, await handle.query(progressQuery, cursor), `The progress of ${handle.workflowId}`);
}
