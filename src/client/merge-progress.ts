import type { Progress } from '../core/model/progress.js';
import type { FileResult } from '../core/model/suite.js';
import { emptyVerdicts, VERDICTS } from '../core/model/totals.js';

/** Merges the progress of a run and its batches into one. The run knows the plan and the phase, the batches know the files. */
export function mergeProgress(run: Progress, batches: readonly Progress[], finished: readonly FileResult[]): Progress {
  if (batches.length === 0) return { ...run, finished };
  const verdicts = emptyVerdicts();
  for (const batch of batches) {
    for (const verdict of VERDICTS) verdicts[verdict] += batch.verdicts[verdict];
  }
  const sum = (of: (batch: Progress) => number) => batches.reduce((total, batch) => total + of(batch), 0);
  const planned = sum((batch) => batch.planned ?? 0);
  const isKnown = planned === run.planned && batches.every(({ remainingMs }) => remainingMs !== null);
  return {
    ...run,
    verdicts,
    retries: sum((batch) => batch.retries),
    losses: sum((batch) => batch.losses),
    inFlight: batches.flatMap((batch) => batch.inFlight),
    waiting: batches.flatMap((batch) => batch.waiting),
    remainingMs: isKnown ? sum((batch) => batch.remainingMs ?? 0) : null,
    changes: [...run.changes, ...batches.flatMap(({ changes }) => changes)],
    finished,
  };
}
