import { condition } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import type { FleetSnapshot } from '../../core/fleet/fleet.js';
import type { FileResult, SuiteInput } from '../../core/model/suite.js';
import { bookkeeping } from '../bookkeeping.js';
import type { RunState } from './run-state.js';

/** Finished files that are not in the store yet. `isClosed`: no more will come. */
export type Outbox = { readonly files: FileResult[]; isClosed: boolean };

/**
 * Writes finished files to the store in groups while others run, and watches the fleet: each write returns a snapshot of it, and
 * if no file finishes for a while, it is queried at growing intervals. Returns once the outbox is closed and empty.
 */
export async function recordFiles(outbox: Outbox, { suite, runId, queues }: SuiteInput, state: RunState): Promise<void> {
  const { record, countSlots } = bookkeeping(queues);
  const see = (snapshot: FleetSnapshot) => {
    state.stopReason ??= state.fleet.see(snapshot);
  };
  let lookMs: number = DEFAULTS.fleetLookMs.first;
  for (;;) {
    const hasWork = await condition(() => outbox.files.length > 0 || outbox.isClosed, lookMs, {
      summary: 'wait for a file to end',
    });
    if (!hasWork) {
      see(await countSlots(queues.tests, state.fleet.gone));
      lookMs = state.fleet.isSick ? DEFAULTS.fleetLookMs.first : Math.min(2 * lookMs, DEFAULTS.fleetLookMs.longest);
      continue;
    }
    if (outbox.files.length === 0) return;
    await condition(() => outbox.isClosed || outbox.files.length >= DEFAULTS.recordBatchSize, DEFAULTS.recordIntervalMs, {
      summary: 'gather results',
    });
    see(await record({ suite, runId, files: takeFrom(outbox.files), testsQueue: queues.tests, gone: state.fleet.gone }));
    lookMs = DEFAULTS.fleetLookMs.first;
  }
}

/** Takes as many files as fit into one message; at least one. */
function takeFrom(files: FileResult[]): FileResult[] {
  let characters = 0;
  let count = 0;
  for (const file of files.slice(0, DEFAULTS.recordBatchSize)) {
    characters += JSON.stringify(file).length;
    if (count > 0 && characters > DEFAULTS.recordCharacters) break;
    count += 1;
  }
  return files.splice(0, count);
}
