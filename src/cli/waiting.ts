import type { Connection } from '@temporalio/client';
import { hasWorkflowWorker, observeFleet } from '../adapters/temporal/fleet.js';
import type { RunSnapshot } from '../client/watch.js';
import { DEFAULTS } from '../core/defaults.js';
import { sickOf } from '../core/fleet/fleet.js';
import type { Queues } from '../core/model/suite.js';
import { plural } from '../render/wording.js';

type Server = { readonly connection: Connection; readonly namespace: string; readonly queues: Queues };

/**
 * Says what keeps a run from going on, once nothing of it has been running for so long; null when nothing does. `snapshot` is null where the run
 * could not be asked.
 */
export function createWaitingNotice(
  { connection, namespace, queues }: Server,
  quietMs: number = DEFAULTS.waitingNoticeMs,
): (snapshot: RunSnapshot | null) => Promise<string | null> {
  let quietSince: number | null = null;
  return async (snapshot) => {
    const isGoing = snapshot !== null && (snapshot.running.length > 0 || snapshot.progress.phase === 'finished');
    if (isGoing || (snapshot?.newlyFinished.length ?? 0) > 0) {
      quietSince = null;
      return null;
    }
    quietSince ??= performance.now();
    if (performance.now() - quietSince < quietMs) return null;
    if (!(await hasWorkflowWorker(connection, namespace, queues.control))) {
      return `a control worker: none polls ${queues.control} (start one with \`holdfast control\`)`;
    }
    if (snapshot === null) return 'an answer of the control workers';
    const { phase } = snapshot.progress;
    if (phase === 'planning' || phase === 'finishing') return `the bookkeeping (${phase})`;
    const [waitingFile] = snapshot.progress.waiting;
    if (waitingFile !== undefined && snapshot.progress.inFlight.length === 0)
      return `${waitingFile.what}, which others have (${waitingFile.path} needs it)`;
    const workers = (await observeFleet(connection, namespace, queues.tests)).filter(
      ({ lastSeenMs }) => Date.now() - lastSeenMs < DEFAULTS.pollerSilenceMs,
    );
    const sick = sickOf(workers, Date.now());
    const [first] = sick;
    if (first !== undefined && sick.length === workers.length) {
      return `a worker that can run tests: ${workers.length} took themselves out, such as ${first.worker} (${first.reason})`;
    }
    if (workers.length === 0) return `a test worker: none polls ${queues.tests} (start one with \`holdfast worker\`)`;
    return phase === 'discovering'
      ? 'the list of test files'
      : `a free slot of ${plural(workers.length - sick.length, 'worker')}`;
  };
}
