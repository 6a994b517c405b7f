import type { AttemptRecord } from '../../core/model/attempt.js';
import { attemptFile, handBack, type RunTestFileInput, stopOf } from './attempt-file.js';
import { holdSlots } from './hold-slots.js';
import { whileLeased } from './lease.js';
import type { TestAdapters } from './test-adapters.js';

/**
 * Runs one test file once. Returns what the tests said, or that the attempt is handed back; null when it was to be soon, and no slot was free.
 * Throws only when it could not find out.
 */
export const createRunTestFile =
  (adapters: TestAdapters) =>
  (input: RunTestFileInput): Promise<AttemptRecord | null> => {
    const startedAtMs = Date.now();
    const { worker, leaving } = adapters;
    return whileLeased({ worker, startedAtMs, file: input.path, leaving }, async (lease) => {
      const hold = await holdSlots(adapters, input, lease);
      if (hold === 'tooLate') return null;
      if (hold === 'aborted')
        return { worker, startedAtMs, outcome: await handBack(adapters, input, { startedAtMs, output: '' }, stopOf(lease)) };
      try {
        return await attemptFile(adapters, input, { slot: hold.slot, lease });
      } finally {
        hold.release();
      }
    });
  };
