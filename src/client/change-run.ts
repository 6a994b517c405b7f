import { randomUUID } from 'node:crypto';
import { type Client, isGrpcDeadlineError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import { type Change, type FileChange, NO_SUCH_FILE, type UpdateRequest } from '../core/model/change.js';
import {
  cancelFile,
  extendFile,
  pauseRun,
  quarantineFile,
  resumeRun,
  setMaxInFlight,
  setRunTimeout,
  skipFile,
} from '../workflows/messages.js';
import { askProgress } from './ask-progress.js';
import type { Run } from './run.js';

/**
 * Changes a running run on behalf of `who`. Throws RUN_UNKNOWN, CHANGE_REFUSED with the reason if the run has ended, the file is unknown or
 * already has its verdict, or the value is invalid (nothing is changed then), and RUN_UNREADABLE if no control worker answers in time.
 */
export async function changeRun(client: Client, run: Run, change: Change, who: string): Promise<void> {
  await run.find();
  if (!(await run.isRunning())) throw hasEnded(run);
  try {
    await client.withDeadline(Date.now() + DEFAULTS.lookupMs, () => send(client, run, change, who));
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw new RunnerError('CHANGE_REFUSED', sentenceOf(error), { cause: error });
    if (error instanceof WorkflowNotFoundError) throw hasEnded(run);
    if (isGrpcDeadlineError(error)) {
      const limit = `${DEFAULTS.lookupMs / 1_000} s`;
      throw new RunnerError(
        'RUN_UNREADABLE',
        `No control worker answered within ${limit}; the change takes effect once one does.`,
      );
    }
    throw error;
  }
}

async function send(client: Client, run: Run, change: Change, who: string): Promise<void> {
  const handle = client.workflow.getHandle(run.workflowId);
  const request = requestOf(who);
  switch (change.kind) {
    case 'pause':
      return handle.executeUpdate(pauseRun, { args: [request(pauseRun)] });
    case 'resume':
      return handle.executeUpdate(resumeRun, { args: [request(resumeRun)] });
    case 'concurrency':
      await handle.executeUpdate(setMaxInFlight, { args: [change.limit, request(setMaxInFlight)] });
      return;
    case 'runTimeout':
      return handle.executeUpdate(setRunTimeout, { args: [change.timeoutMs, request(setRunTimeout)] });
    default: {
      const { batches } = await askProgress(handle, Number.MAX_SAFE_INTEGER);
      return sendToOneOf(client, batches.length > 0 ? batches : [run.workflowId], change, who);
    }
  }
}

/** Sends a change of a file to the batch that drives it: the first one that knows the file. */
async function sendToOneOf(client: Client, workflowIds: readonly string[], change: FileChange, who: string): Promise<void> {
  let unknown: unknown;
  for (const workflowId of workflowIds) {
    try {
      return await sendFileChange(client, workflowId, change, who);
    } catch (error) {
      const isElsewhere =
        error instanceof WorkflowNotFoundError || (error instanceof WorkflowUpdateFailedError && typeOf(error) === NO_SUCH_FILE);
      if (!isElsewhere) throw error;
      unknown ??= error;
    }
  }
  throw unknown;
}

function sendFileChange(client: Client, workflowId: string, change: FileChange, who: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const request = requestOf(who);
  switch (change.kind) {
    case 'quarantine':
      return handle.executeUpdate(quarantineFile, { args: [change.path, request(quarantineFile)] });
    case 'skip':
      return handle.executeUpdate(skipFile, { args: [change.path, request(skipFile)] });
    case 'cancel':
      return handle.executeUpdate(cancelFile, { args: [change.path, request(cancelFile)] });
    case 'extend':
      return handle.executeUpdate(extendFile, { args: [change.path, change.byMs, request(extendFile)] });
  }
}

/** Names the update, once: see `UpdateRequest`. */
const requestOf =
  (who: string) =>
  ({ name }: { readonly name: string }): UpdateRequest => ({ who, update: name, id: randomUUID() });

function hasEnded({ suite, runId }: Run): RunnerError {
  return new RunnerError('CHANGE_REFUSED', `Run ${suite}/${runId} has ended and can no longer be changed.`);
}

function typeOf({ cause }: WorkflowUpdateFailedError): string | null {
  return cause instanceof ApplicationFailure ? (cause.type ?? null) : null;
}

function sentenceOf({ cause, message }: WorkflowUpdateFailedError): string {
  return cause?.message ?? message;
}
