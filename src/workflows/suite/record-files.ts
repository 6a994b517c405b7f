import { condition } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import type { FleetSnapshot } from '../../core/fleet/fleet.js';
import type { FileResult, SuiteInput } from '../../core/model/suite.js';
import { bookkeeping } from '../bookkeeping.js';
import type { RunState } from './run-state.js';

/** Finished files that are not in the store yet, and whether more will come. */
export type Outbox = { readonly files: FileResult[]; isClosed: boolean };

/**
 * Writes finished files into the store in batches while others run, and watches the fleet's size meanwhile: each record answers with it,
 * and where no file ends for long the fleet is looked at by itself, ever more rarely. Ends when the outbox is closed and empty.
 */
export async function recordFiles(outbox: Outbox, { suite, runId, queues }: SuiteInput, state: RunState): Promise<void> {
  const { record, countSlots } = bookkeeping(queues);
  const look = (snapshot: FleetSnapshot) => {
    state.stopReason ??= state.fleet.see(snapshot);
  };
  let lookMs: number = DEFAULTS.fleetLookMs.first;
  for (;;) {
    const isSomething = await condition(() => outbox.files.length > 0 || outbox.isClosed, lookMs, {
      summary: 'wait for a file to end',
    });
    if (!isSomething) {
      look(await countSlots(queues.tests, state.fleet.gone));
      lookMs = state.fleet.isSick ? DEFAULTS.fleetLookMs.first : Math.min(2 * lookMs, DEFAULTS.fleetLookMs.longest);
      continue;
    }
    if (outbox.files.length === 0) return;
    await condition(() => outbox.isClosed || outbox.files.length >= DEFAULTS.recordBatchSize, DEFAULTS.recordIntervalMs, {
      summary: 'gather results',
    });
    look(await record({ suite, runId, files: takeFrom(outbox.files), testsQueue: queues.tests, gone: state.fleet.gone }));
    lookMs = DEFAULTS.fleetLookMs.first;
  }
}

/** As many as one message may hold; at least one. */
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
