import { OBJECTS, type Plan, type PlanInput, type Schema } from '../../core/border/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import type { FleetSnapshot } from '../../core/fleet/fleet.js';
import { estimatesOf } from '../../core/history/durations.js';
import { medianOf } from '../../core/history/median.js';
import type { ClaimCheck } from '../../core/model/claim-check.js';
import type { KeptApart } from '../../core/model/company.js';
import type { SuiteInput } from '../../core/model/suite.js';
import { dayOf } from '../../core/plan/day.js';
import type { OrderBy } from '../../core/plan/order.js';
import { slicesOf, wholeFiles } from '../../core/plan/parts.js';
import { planFiles } from '../../core/plan/plan.js';
import { compileQuarantine } from '../../core/plan/quarantine.js';
import { seedOf } from '../../core/plan/random.js';
import { asFailure } from '../failure.js';
import type { ControlAdapters } from './control-adapters.js';
import { splitLongFiles } from './split-long-files.js';

/**
 * Makes an ordered plan from the manifest and recorded results, and opens the run in the store. Idempotent. Throws CONFIG_INVALID
 * if a rule requires more than the largest worker has, and RUN_UNREADABLE if the manifest is not in the object store.
 */
export const createPlan =
  (adapters: ControlAdapters) =>
  ({ input, manifest, startedAtMs }: PlanInput): Promise<Plan> =>
    asFailure(async () => {
      const { results, claimChecks, lookAtFleet, compileGlob } = adapters;
      const { suite, runId, queues } = input;
      const paths = await unpack(adapters, manifest.files, OBJECTS.paths, 'the list of test files that a worker wrote');
      const facts = await unpack(
        adapters,
        manifest.repository,
        OBJECTS.repositoryFacts,
        'the repository data that a worker wrote',
      );
      await results.openRun(input, startedAtMs);

      const fleet = await lookAtFleet(queues.tests, {});
      checkWeights(input, fleet);
      const order = orderOf(input);
      const today = dayOf(startedAtMs);
      const estimates = estimatesOf(await results.durations(suite, DEFAULTS.durationSamples));
      const tasks = planFiles({
        paths,
        estimates,
        parts: await splitLongFiles(adapters, input, { paths, estimates, slots: fleet.slots }),
        input: { ...input, order },
        compileGlob,
        quarantineFor: compileQuarantine(facts.quarantine, { today, environment: input.environment ?? null, compileGlob }),
        ownerOf: facts.codeowners === null ? () => undefined : adapters.compileCodeowners(facts.codeowners),
        sizes: facts.sizes,
        ...(input.secondLook && { apart: { seen: seenBy(await results.apart(suite)), slots: fleet.largest } }),
        ...(facts.contents !== null && { contents: { now: facts.contents, before: await results.contents(suite) } }),
      });

      const estimatesMs = tasks.flatMap(({ estimateMs }) => estimateMs ?? []);
      const slices = slicesOf(tasks, DEFAULTS.batchSize);
      const inlineBytes = Math.floor(DEFAULTS.resultBytes / Math.max(1, slices.length));
      return {
        planned: wholeFiles(tasks).length,
        batches: await Promise.all(
          slices.map(async (slice, index) => ({
            count: wholeFiles(slice).length,
            files: await claimChecks.pack(['runs', suite, runId, `plan-${index + 1}.json`], slice, inlineBytes),
          })),
        ),
        typicalMs: medianOf(estimatesMs),
        callMs: input.framework.warm ? medianOf(await results.callsMs(suite)) : null,
        workMs: estimatesMs.reduce((sum, estimateMs) => sum + estimateMs, 0),
        longestMs: estimatesMs.reduce((longest, estimateMs) => Math.max(longest, estimateMs), 0),
        slots: fleet.slots,
        workers: fleet.workers,
        order,
      };
    });

const seenBy = (files: readonly KeptApart[]) => new Map(files.map(({ path, seen }) => [path, seen]));

async function unpack<T>({ claimChecks }: ControlAdapters, check: ClaimCheck<T>, schema: Schema<T>, content: string): Promise<T> {
  const value = await claimChecks.unpack(check, schema);
  if (value === null) throw new RunnerError('RUN_UNREADABLE', `The object store here does not have ${content}.`);
  return value;
}

/** A random order without a seed gets one from the run id, so that it can be reported and repeated. */
function orderOf({ order = { kind: 'recorded' }, runId }: SuiteInput): OrderBy {
  return order.kind === 'random' ? { kind: 'random', seed: order.seed ?? seedOf(runId) } : order;
}

/** Rejects rules that require more than the largest worker has. Without workers, there is nothing to check against. */
function checkWeights({ suite, rules = [] }: SuiteInput, { largest, largestMemoryMb }: FleetSnapshot): void {
  for (const [index, { slots = 1, memoryMb = 0 }] of rules.entries()) {
    if (largest > 0 && slots > largest)
      throw new RunnerError(
        'CONFIG_INVALID',
        `suites.${suite}.rules[${index}].slots asks for ${slots}, but the largest worker has ${largest}.`,
      );
    if (largestMemoryMb > 0 && memoryMb > largestMemoryMb)
      throw new RunnerError(
        'CONFIG_INVALID',
        `suites.${suite}.rules[${index}].memoryMb asks for ${memoryMb}, but the largest worker has ${largestMemoryMb}.`,
      );
  }
}
