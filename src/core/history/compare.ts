import { DEFAULTS } from '../defaults.js';
import type { FileReport, SuiteReport } from '../model/suite-report.js';

/** How the results of two runs differ. Paths are sorted. */
export type Comparison = {
  readonly newFailures: readonly string[];
  readonly fixed: readonly string[];
  readonly newlyFlaky: readonly string[];
  /** Slower by more than noise, the largest difference first. */
  readonly slower: readonly Slowdown[];
  readonly missing: readonly string[];
  readonly added: readonly string[];
};

export type Slowdown = { readonly path: string; readonly beforeMs: number; readonly afterMs: number };

const RED = new Set<FileReport['verdict']>(['failed', 'infraError', 'notRun']);

/** Compares two runs of a suite file by file. The worst repetition of a file counts. */
export function compareRuns(before: SuiteReport, after: SuiteReport): Comparison {
  const [old, now] = [byPath(before), byPath(after)];
  const both = [...now].flatMap(([path, file]) => {
    const earlier = old.get(path);
    return earlier === undefined ? [] : [{ path, earlier, file }];
  });
  const pathsOf = (is: (pair: (typeof both)[number]) => boolean) =>
    both
      .filter(is)
      .map(({ path }) => path)
      .sort();
  return {
    newFailures: pathsOf(({ earlier, file }) => RED.has(file.verdict) && !RED.has(earlier.verdict)),
    fixed: pathsOf(({ earlier, file }) => RED.has(earlier.verdict) && !RED.has(file.verdict) && file.verdict !== 'flaky'),
    newlyFlaky: pathsOf(({ earlier, file }) => file.verdict === 'flaky' && earlier.verdict !== 'flaky'),
    slower: both
      .map(({ path, earlier, file }) => ({ path, beforeMs: durationOf(earlier), afterMs: durationOf(file) }))
      .filter(isSlower)
      .sort((a, b) => b.afterMs - b.beforeMs - (a.afterMs - a.beforeMs)),
    missing: [...old.keys()].filter((path) => !now.has(path)).sort(),
    added: [...now.keys()].filter((path) => !old.has(path)).sort(),
  };
}

/** One run says little about a duration, so a file counts as slower only above both a factor and a difference. */
function isSlower({ beforeMs, afterMs }: Slowdown): boolean {
  const { factor, atLeastMs } = DEFAULTS.slowdown;
  return beforeMs > 0 && afterMs > factor * beforeMs && afterMs - beforeMs > atLeastMs;
}

/** The duration of the attempt that passed; 0 if none did. */
function durationOf({ attempts }: FileReport): number {
  return attempts.find(({ outcome }) => outcome === 'passed')?.durationMs ?? 0;
}

function byPath({ files }: SuiteReport): ReadonlyMap<string, FileReport> {
  const found = new Map<string, FileReport>();
  for (const file of files) {
    const other = found.get(file.path);
    if (other === undefined || WORST.indexOf(file.verdict) < WORST.indexOf(other.verdict)) found.set(file.path, file);
  }
  return found;
}

const WORST: readonly FileReport['verdict'][] = ['failed', 'infraError', 'notRun', 'quarantined', 'flaky', 'skipped', 'passed'];
