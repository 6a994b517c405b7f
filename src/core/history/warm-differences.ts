import { type CaseCounts, countCases } from '../model/cases.js';
import type { FileReport, SuiteReport } from '../model/suite-report.js';

/** A file whose results differ with and without warm sessions. */
export type Difference = {
  readonly path: string;
  readonly cold: FileSummary | null;
  readonly warm: FileSummary | null;
  /** The reason for its verdict in the warm run, if any. */
  readonly reason: string | null;
};

/** The compared results: the verdict, and the case counts of the deciding attempt. */
export type FileSummary = { readonly verdict: FileReport['verdict']; readonly cases: CaseCounts };

/** Files whose results differ between two runs of the same code, sorted by path. null: the file is only in the other run. */
export function differencesOf({ cold, warm }: { readonly cold: SuiteReport; readonly warm: SuiteReport }): readonly Difference[] {
  const [before, after] = [byPath(cold), byPath(warm)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path) => {
    const file = after.get(path);
    const [coldSummary, warmSummary] = [summaryOf(before.get(path)), summaryOf(file)];
    if (JSON.stringify(coldSummary) === JSON.stringify(warmSummary)) return [];
    return [{ path, cold: coldSummary, warm: warmSummary, reason: file?.reason ?? null }];
  });
}

const byPath = ({ files }: SuiteReport) => new Map(files.map((file) => [file.path, file]));

function summaryOf(file: FileReport | undefined): FileSummary | null {
  if (file === undefined) return null;
  return { verdict: file.verdict, cases: countCases(file.attempts.at(-1)?.cases ?? []) };
}
