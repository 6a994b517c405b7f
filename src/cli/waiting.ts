import type { Connection } from '@temporalio/client';
import { hasWorkflowWorker, observeFleet } from '../adapters/temporal/fleet.js';
import type { RunSnapshot } from '../client/watch.js';
import { DEFAULTS } from '../core/defaults.js';
import { sickOf } from '../core/fleet/fleet.js';
import type { Queues } from '../core/model/suite.js';
import { plural } from '../render/wording.js';

type Server = { readonly connection: Connection; readonly namespace: string; readonly queues: Queues };

/**
 * Creates a function that names what a run is waiting for, once nothing of it has been running for `quietMs`; null otherwise.
 * `snapshot` is null if the run did not answer.
 */
export function createWaitingNotice(
  { connection, namespace, queues }: Server,
  quietMs: number = DEFAULTS.waitingNoticeMs,
): (snapshot: RunSnapshot | null) => Promise<string | null> {
  let quietSince: number | null = null;
  return async (snapshot) => {
    const isActive = snapshot !== null && (snapshot.running.length > 0 || snapshot.progress.phase === 'finished');
    if (isActive || (snapshot?.newlyFinished.length ?? 0) > 0) {
      quietSince = null;
      return null;
    }
    quietSince ??= performance.now();
    if (performance.now() - quietSince < quietMs) return null;
    if (!(await hasWorkflowWorker(connection, namespace, queues.control))) {
      return `a control worker: none polls ${queues.control} (start one with \`holdfast control\`)`;
    }
    if (snapshot === null) return 'an answer from the control workers';
    const { phase } = snapshot.progress;
    if (phase === 'planning' || phase === 'finishing') return `the bookkeeping (${phase})`;
    const [waitingFile] = snapshot.progress.waiting;
    if (waitingFile !== undefined && snapshot.progress.inFlight.length === 0)
      return `${waitingFile.what}, which other files hold (${waitingFile.path} needs it)`;
    const workers = (await observeFleet(connection, namespace, queues.tests)).filter(
      ({ lastSeenMs }) => Date.now() - lastSeenMs < DEFAULTS.pollerSilenceMs,
    );
    const sick = sickOf(workers, Date.now());
    const [first] = sick;
    if (first !== undefined && sick.length === workers.length) {
      return `a healthy worker: all ${workers.length} are sick, such as ${first.worker} (${first.reason})`;
    }
    if (workers.length === 0) return `a test worker: none polls ${queues.tests} (start one with \`holdfast worker\`)`;
    return phase === 'discovering'
      ? 'the list of test files'
      : `a free slot on ${plural(workers.length - sick.length, 'worker')}`;
  };
}
