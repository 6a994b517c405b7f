import { RunnerError } from '../../core/errors.js';
import type { ClaimCheck } from '../../core/model/claim-check.js';
import type { PlannedFile } from '../../core/model/suite.js';
import { asFailure } from '../failure.js';
import type { ControlAdapters } from './control-adapters.js';

/** The files of a slice of the plan that was too large to travel inside a message. */
export const createOpenBatch =
  ({ claimChecks }: ControlAdapters) =>
  (batch: ClaimCheck<readonly PlannedFile[]>): Promise<readonly PlannedFile[]> =>
    asFailure(async () => {
      const files = await claimChecks.unpack(batch);
      if (files === null) throw new RunnerError('RUN_UNREADABLE', 'A part of the plan is missing from the object store.');
      return files;
    });
