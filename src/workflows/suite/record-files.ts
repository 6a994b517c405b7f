import { condition } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import type { FileResult, SuiteInput } from '../../core/model/suite.js';
import { bookkeeping } from '../bookkeeping.js';
import type { Board } from './board.js';

/** Finished files that are not in the store yet, and whether more will come. */
export type Outbox = { readonly files: FileResult[]; isClosed: boolean };

/**
 * Writes finished files into the store in batches while others run, and watches the fleet's size meanwhile: each record answers with it,
 * and where no file ends for long the fleet is looked at by itself, ever more rarely. Ends when the outbox is closed and empty.
 */
export async function recordFiles(outbox: Outbox, { suite, runId, queues }: SuiteInput, board: Board): Promise<void> {
  const { record, countSlots } = bookkeeping(queues);
  let lookMs: number = DEFAULTS.fleetLookMs.first;
  for (;;) {
    const isSomething = await condition(() => outbox.files.length > 0 || outbox.isClosed, lookMs, {
      summary: 'wait for a file to end',
    });
    if (!isSomething) {
      board.see(await countSlots(queues.tests, board.gone));
      lookMs = board.isFleetSick ? DEFAULTS.fleetLookMs.first : Math.min(2 * lookMs, DEFAULTS.fleetLookMs.longest);
      continue;
    }
    if (outbox.files.length === 0) return;
    await condition(() => outbox.isClosed || outbox.files.length >= DEFAULTS.recordBatchSize, DEFAULTS.recordIntervalMs, {
      summary: 'gather results',
    });
    board.see(await record({ suite, runId, files: takeFrom(outbox.files), testsQueue: queues.tests, gone: board.gone }));
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
