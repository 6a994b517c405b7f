import { DEFAULTS } from '../../core/defaults.js';
import { estimateMs } from '../../core/durations.js';
import { RunnerError } from '../../core/errors.js';
import { planOrder, withRules } from '../../core/order.js';
import type { Parcel } from '../../core/parcel.js';
import type { PlannedFile, SuiteInput } from '../../core/suite.js';
import { asFailure } from '../failure.js';
import type { Manifest } from '../test/discover.js';
import type { ControlAdapters } from './control-adapters.js';

export type PlanInput = { readonly input: SuiteInput; readonly manifest: Manifest; readonly startedAtMs: number };

export type Batch = { readonly count: number; readonly files: Parcel<readonly PlannedFile[]> };

export type Plan = {
  readonly planned: number;
  /** Consecutive slices of the order, of at most `DEFAULTS.batchSize` files each. */
  readonly batches: readonly Batch[];
  /** Median of the estimates; null without any. */
  readonly typicalMs: number | null;
  /** Slots of the fleet as it is now. */
  readonly slots: number;
};

/** Joins the manifest with the recorded durations into an ordered plan, and opens the run in the store. Repeated, it plans the same. */
export const createPlan =
  ({ results, parcels, lookAtFleet, matchesGlob }: ControlAdapters) =>
  ({ input, manifest, startedAtMs }: PlanInput): Promise<Plan> =>
    asFailure(async () => {
      const { suite, runId, repeatEach, queues } = input;
      const paths = await parcels.unpack(manifest.files);
      if (paths === null)
        throw new RunnerError('RUN_UNREADABLE', 'The list of test files that a worker wrote is not in the object store here.');
      await results.openRun(input, startedAtMs);

      const estimates = new Map<string, number>();
      for (const [path, samples] of await results.durations(suite, DEFAULTS.durationSamples)) {
        const estimate = estimateMs(samples);
        if (estimate !== null) estimates.set(path, estimate);
      }
      const tasks = paths.flatMap((path) => Array.from({ length: repeatEach }, (_, index) => ({ path, repeat: index + 1 })));
      const ordered = planOrder(tasks, estimates).map((file) => withRules(file, input.rules ?? [], matchesGlob));

      const slices: PlannedFile[][] = [];
      for (let from = 0; from < ordered.length; from += DEFAULTS.batchSize)
        slices.push(ordered.slice(from, from + DEFAULTS.batchSize));
      const inlineBytes = Math.floor(DEFAULTS.resultBytes / Math.max(1, slices.length));
      return {
        planned: ordered.length,
        batches: await Promise.all(
          slices.map(async (slice, index) => ({
            count: slice.length,
            files: await parcels.pack(['runs', suite, runId, `plan-${index + 1}.json`], slice, inlineBytes),
          })),
        ),
        typicalMs: medianOf(ordered.flatMap(({ estimateMs }) => estimateMs ?? [])),
        slots: (await lookAtFleet(queues.tests, {})).slots,
      };
    });

function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}
