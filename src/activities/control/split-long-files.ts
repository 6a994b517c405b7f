import { DEFAULTS } from '../../core/defaults.js';
import type { Estimate } from '../../core/history/durations.js';
import type { SuiteInput } from '../../core/model/suite.js';
import { longFiles, type PlannedPart } from '../../core/plan/plan.js';
import { splitFile } from '../../core/plan/split.js';
import type { ControlAdapters } from './control-adapters.js';

type Known = {
  readonly paths: readonly string[];
  readonly estimates: ReadonlyMap<string, Estimate>;
  /** Slots of the current fleet. */
  readonly slots: number;
};

/** The parts of files that exceed their rule's `splitOverMs`, by path, based on the cases of their last complete pass. */
export async function splitLongFiles(
  { results, claimChecks, compileGlob }: Pick<ControlAdapters, 'results' | 'claimChecks' | 'compileGlob'>,
  input: SuiteInput,
  { slots, ...known }: Known,
): Promise<ReadonlyMap<string, readonly PlannedPart[]>> {
  const { suite, runId, framework } = input;
  const parts = new Map<string, readonly PlannedPart[]>();
  const long = longFiles({ ...known, input, compileGlob });
  if (long.length === 0) return parts;
  const seen = await results.casesSeen(
    suite,
    long.map(({ path }) => path),
  );
  const workMs = known.paths.reduce((sum, path) => sum + (known.estimates.get(path)?.ms ?? 0), 0);
  for (const { path, mostMs } of long) {
    const cases = seen.get(path);
    const split = cases && splitFile(cases, { framework, mostMs, workMs, slots });
    if (!split) continue;
    const named = await claimChecks.pack(['runs', suite, runId, 'parts', path], split.named, DEFAULTS.inlineNamesBytes);
    const of = split.estimatesMs.length;
    parts.set(
      path,
      split.estimatesMs.map((estimateMs, index) => ({ part: { number: index + 1, of, named }, estimateMs })),
    );
  }
  return parts;
}
