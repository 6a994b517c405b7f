import { type Client, defaultPayloadConverter } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { BeatDetails } from '../activities/run/index.js';
import { DEFAULTS } from '../core/defaults.js';
import { parseIdentity } from '../core/fleet/identity.js';
import { attemptIdIn } from '../core/model/activity-id.js';
import type { Progress } from '../core/model/progress.js';
import type { FileResult } from '../core/model/suite.js';
import { progressQuery } from '../workflows/messages.js';
import { mergeProgress } from './merge-progress.js';
import type { Run } from './run.js';

/** A file that a worker has now. */
export type Running = {
  readonly path: string;
  /** Of a file that is run in parts. */
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
  /** Files that ended since the last look. */
  readonly newlyFinished: readonly FileResult[];
};

/** Looks at a run again and again; each file's end is seen once. */
export function createWatch(client: Client, run: Run): { look(): Promise<RunSnapshot> } {
  const eyes = new Map<string, Eye>();
  const eyeOf = (workflowId: string) => {
    const eye = eyes.get(workflowId) ?? openEye(client, workflowId);
    eyes.set(workflowId, eye);
    return eye;
  };
  return {
    async look() {
      const finished: FileResult[] = [];
      const own = await eyeOf(run.workflowId).look(finished);
      const batches: Progress[] = [];
      for (const workflowId of own.progress.batches) batches.push((await eyeOf(workflowId).look(finished)).progress);
      const running = [...eyes.values()].flatMap((eye) => eye.running);
      return { progress: mergeProgress(own.progress, batches, finished), running, newlyFinished: finished };
    },
  };
}

type Eye = { running: readonly Running[]; look(finished: FileResult[]): Promise<{ progress: Progress }> };

/** Follows one workflow: all pages of what ended since the last look, and who has what now. A workflow that is finished is not asked again. */
function openEye(client: Client, workflowId: string): Eye {
  const handle = client.workflow.getHandle(workflowId);
  let cursor = 0;
  let last: Progress | null = null;
  const eye: Eye = {
    running: [],
    async look(finished) {
      if (last?.phase === 'finished') return { progress: last };
      for (;;) {
        const progress: Progress = await soon(() => handle.query(progressQuery, cursor));
        last = progress;
        finished.push(...progress.finished);
        if (progress.cursor === cursor) break;
        cursor = progress.cursor;
      }
      const { inFlight } = last;
      eye.running = inFlight.length > 0 ? await soon(() => runningOf(inFlight)) : [];
      return { progress: last };
    },
  };
  // Without a deadline of its own a question that a dead network swallows is never answered.
  const soon = <T>(ask: () => Promise<T>) => client.withDeadline(Date.now() + DEFAULTS.lookMs, ask);
  const runningOf = async (inFlight: Progress['inFlight']): Promise<Running[]> => {
    const byId = new Map(inFlight.map((file) => [file.activityId, file]));
    const byPath = new Map(inFlight.map((file) => [file.path, file]));
    const { raw } = await handle.describe();
    return (raw.pendingActivities ?? []).flatMap(({ activityId, lastStartedTime, lastWorkerIdentity, heartbeatDetails }) => {
      const inDispatch = () => byPath.get(fileOfBeat(heartbeatDetails?.payloads?.[0]) ?? '');
      const file = activityId ? (byId.get(attemptIdIn(activityId)) ?? inDispatch()) : undefined;
      if (!file || !lastStartedTime) return []; // Scheduled, not started.
      const startedAtMs = Number(lastStartedTime.seconds ?? 0) * 1_000;
      const worker = parseIdentity(lastWorkerIdentity ?? '')?.worker ?? lastWorkerIdentity ?? '?';
      const { path, part, attempt, timeoutMs } = file;
      return [{ path, ...(part && { part }), attempt, worker, elapsedMs: Math.max(0, Date.now() - startedAtMs), timeoutMs }];
    });
  };
  return eye;
}

/** Of a chunk: the file that its worker is in. */
function fileOfBeat(payload: Payload | null | undefined): string | undefined {
  const details = payload ? defaultPayloadConverter.fromPayload<Partial<BeatDetails> | null>(payload) : null;
  return details?.file;
}
