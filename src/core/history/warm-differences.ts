import { type CaseCounts, countCases } from '../model/cases.js';
import type { FileReport, SuiteReport } from '../model/suite-report.js';

/** A file that a run with warm sessions tells otherwise than one without. */
export type Difference = {
  readonly path: string;
  readonly cold: FileSummary | null;
  readonly warm: FileSummary | null;
  /** Why the verdict of the warm run is what it is, where it says so. */
  readonly reason: string | null;
};

/** What is compared: the verdict, and how many cases the deciding attempt had. */
export type FileSummary = { readonly verdict: FileReport['verdict']; readonly cases: CaseCounts };

/** Files that two runs of the same code tell differently, by path. null: the file is in the other run only. */
export function differencesOf({ cold, warm }: { readonly cold: SuiteReport; readonly warm: SuiteReport }): readonly Difference[] {
  const [before, after] = [byPath(cold), byPath(warm)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path) => {
    const [one, other] = [before.get(path), after.get(path)];
    const [summaryOne, summaryOther] = [summaryOf(one), summaryOf(other)];
    if (JSON.stringify(summaryOne) === JSON.stringify(summaryOther)) return [];
    return [{ path, cold: summaryOne, warm: summaryOther, reason: other?.reason ?? null }];
  });
}

const byPath = ({ files }: SuiteReport) => new Map(files.map((file) => [file.path, file]));

function summaryOf(file: FileReport | undefined): FileSummary | null {
  if (file === undefined) return null;
  return { verdict: file.verdict, cases: countCases(file.attempts.at(-1)?.cases ?? []) };
}
