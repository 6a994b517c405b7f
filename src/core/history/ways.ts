import { type CaseCounts, countCases } from '../model/cases.js';
import type { FileReport, SuiteReport } from '../model/suite-report.js';

/** A file that a run with warm sessions tells otherwise than one without. */
export type Difference = {
  readonly path: string;
  readonly cold: Told | null;
  readonly warm: Told | null;
  /** Why the verdict of the warm run is what it is, where it says so. */
  readonly reason: string | null;
};

/** What is compared: the verdict, and how many cases the deciding attempt had. */
export type Told = { readonly verdict: FileReport['verdict']; readonly cases: CaseCounts };

/** Files that two runs of the same code tell differently, by path. null: the file is in the other run only. */
export function differencesOf({ cold, warm }: { readonly cold: SuiteReport; readonly warm: SuiteReport }): readonly Difference[] {
  const [before, after] = [byPath(cold), byPath(warm)];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((path) => {
    const [one, other] = [before.get(path), after.get(path)];
    const [toldOne, toldOther] = [toldBy(one), toldBy(other)];
    if (JSON.stringify(toldOne) === JSON.stringify(toldOther)) return [];
    return [{ path, cold: toldOne, warm: toldOther, reason: other?.reason ?? null }];
  });
}

const byPath = ({ files }: SuiteReport) => new Map(files.map((file) => [file.path, file]));

function toldBy(file: FileReport | undefined): Told | null {
  if (file === undefined) return null;
  return { verdict: file.verdict, cases: countCases(file.attempts.at(-1)?.cases ?? []) };
}
