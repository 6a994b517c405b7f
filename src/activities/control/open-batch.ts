import { OBJECTS } from '../../core/border/index.js';
import { RunnerError } from '../../core/errors.js';
import type { ClaimCheck } from '../../core/model/claim-check.js';
import type { PlannedFile } from '../../core/model/suite.js';
import { asFailure } from '../failure.js';
import type { ControlAdapters } from './control-adapters.js';

/** Loads the files of a slice of the plan. Throws RUN_UNREADABLE if they are not in the object store. */
export const createOpenBatch =
  ({ claimChecks }: ControlAdapters) =>
  (batch: ClaimCheck<readonly PlannedFile[]>): Promise<readonly PlannedFile[]> =>
    asFailure(async () => {
      const files = await claimChecks.unpack(batch, OBJECTS.plannedFiles);
      if (files === null) throw new RunnerError('RUN_UNREADABLE', 'Part of the plan is missing from the object store.');
      return files;
    });
