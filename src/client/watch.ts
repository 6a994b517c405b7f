import { type Client, defaultPayloadConverter } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { HEARTBEAT, parse } from '../core/border/index.js';
import { DEFAULTS } from '../core/defaults.js';
import { parseIdentity } from '../core/fleet/identity.js';
import { attemptIdIn } from '../core/model/activity-id.js';
import type { Progress } from '../core/model/progress.js';
import type { FileResult } from '../core/model/suite.js';
import { askProgress } from './ask-progress.js';
import { mergeProgress } from './merge-progress.js';
import type { Run } from './run.js';

/** A file that a worker is running now. */
export type Running = {
  readonly path: string;
  /** For a file that runs in parts. */
  readonly part?: { readonly number: number; readonly of: number };
  readonly attempt: number;
  readonly worker: string;
  readonly elapsedMs: number;
  readonly timeoutMs: number;
};

/** One look at a run. */
export type RunSnapshot = {
  readonly progress: Progress;
  readonly running: readonly Running[];
  /** Files that got their verdict since the last look. */
  readonly newlyFinished: readonly FileResult[];
};

/** Creates a watch on a run, to be polled by `look`. Each finished file is reported once. */
export function createWatch(client: Client, run: Run): { look(): Promise<RunSnapshot> } {
  const watches = new Map<string, WorkflowWatch>();
  const watchOf = (workflowId: string) => {
    const watch = watches.get(workflowId) ?? watchWorkflow(client, workflowId);
    watches.set(workflowId, watch);
    return watch;
  };
  return {
    async look() {
      const finished: FileResult[] = [];
      const own = await watchOf(run.workflowId).look(finished);
      const batches: Progress[] = [];
      for (const workflowId of own.progress.batches) batches.push((await watchOf(workflowId).look(finished)).progress);
      const running = [...watches.values()].flatMap((watch) => watch.running);
      return { progress: mergeProgress(own.progress, batches, finished), running, newlyFinished: finished };
    },
  };
}

type WorkflowWatch = { running: readonly Running[]; look(finished: FileResult[]): Promise<{ progress: Progress }> };

/**
 * Watches one workflow: reads all pages of files finished since the last look, and what is running. Does not query a finished
 * workflow again.
 */
function watchWorkflow(client: Client, workflowId: string): WorkflowWatch {
  const handle = client.workflow.getHandle(workflowId);
  let cursor = 0;
  let last: Progress | null = null;
  const watch: WorkflowWatch = {
    running: [],
    async look(finished) {
      if (last?.phase === 'finished') return { progress: last };
      for (;;) {
        const progress = await withDeadline(() => askProgress(handle, cursor));
        last = progress;
        finished.push(...progress.finished);
        if (progress.cursor === cursor) break;
        cursor = progress.cursor;
      }
      const { inFlight } = last;
      watch.running = inFlight.length > 0 ? await withDeadline(() => runningOf(inFlight)) : [];
      return { progress: last };
    },
  };
  // Without its own deadline, a call lost in a dead network would wait forever.
  const withDeadline = <T>(call: () => Promise<T>) => client.withDeadline(Date.now() + DEFAULTS.lookMs, call);
  const runningOf = async (inFlight: Progress['inFlight']): Promise<Running[]> => {
    const byId = new Map(inFlight.map((file) => [file.activityId, file]));
    const byPath = new Map(inFlight.map((file) => [file.path, file]));
    const { raw } = await handle.describe();
    return (raw.pendingActivities ?? []).flatMap(({ activityId, lastStartedTime, lastWorkerIdentity, heartbeatDetails }) => {
      const inDispatch = () => byPath.get(fileOfBeat(heartbeatDetails?.payloads?.[0]) ?? '');
      const file = activityId ? (byId.get(attemptIdIn(activityId)) ?? inDispatch()) : undefined;
      if (!file || !lastStartedTime) return []; // Scheduled, but not started.
      const startedAtMs = Number(lastStartedTime.seconds ?? 0) * 1_000;
      const worker = parseIdentity(lastWorkerIdentity ?? '')?.worker ?? lastWorkerIdentity ?? '?';
      const { path, part, attempt, timeoutMs } = file;
      return [{ path, ...(part && { part }), attempt, worker, elapsedMs: Math.max(0, Date.now() - startedAtMs), timeoutMs }];
    });
  };
  return watch;
}

/** The file of a shared dispatch that the worker is running, from the heartbeat details. */
function fileOfBeat(payload: Payload | null | undefined): string | undefined {
  try {
    const beat = parse(HEARTBEAT, payload && defaultPayloadConverter.fromPayload(payload));
    return beat.kind === 'good' ? beat.value.file : undefined;
  } catch {
    return undefined; // Whoever reaches the server may have written it.
  }
}
