import { DEFAULTS } from '../defaults.js';
import { type CaseSelecting, type FrameworkName, factsOf } from '../model/frameworks.js';
import type { FrameworkSpec } from '../model/suite.js';

/** From the outermost group to the case. */
export type CaseName = readonly string[];

/** Which cases of a file are run: these and no others, or all but these. The two leave nothing between them. */
export type CaseSelection = { readonly kind: 'only' | 'except'; readonly names: readonly CaseName[] };

/** What a complete pass of a file has told of its cases. */
export type CasesSeen = {
  /** Of all its processes together. */
  readonly durationMs: number;
  /** Processes it took: the parts it was in. */
  readonly processes: number;
  readonly cases: readonly { readonly name: CaseName; readonly durationMs: number }[];
};

/** How a file is cut. */
export type Cut = {
  /** Names of the cases of each part but the last, which takes whatever no other names: new cases too. */
  readonly named: readonly (readonly CaseName[])[];
  /** What is expected of each part, the last included. */
  readonly estimatesMs: readonly number[];
};

/** Can the files of this suite be cut? */
export function canBeCut({ name, args }: Pick<FrameworkSpec, 'name' | 'args'>): boolean {
  const { cases } = factsOf(name);
  return cases !== null && !args.some((word) => cases.takenBy?.test(word));
}

/** One case, or several that no framework can tell apart by their full names. */
type Unit = { readonly names: readonly CaseName[]; readonly durationMs: number; readonly characters: number };

/** What decides over the size of parts. */
export type CutFor = {
  readonly framework: FrameworkName;
  /** No part is expected to take longer, where cases allow it. */
  readonly mostMs: number;
  /** What all files of the run take, and the slots there are for it; 0 where nobody knows. */
  readonly workMs: number;
  readonly slots: number;
};

/**
 * Cuts a file into parts, longest cases first, each to the part that has least; null when it stays whole. What every process does before its
 * first case, each part does again: there are never so many that they begin longer than they run. Names that would make a command line too long
 * stay with the last part.
 */
export function cutFile(seen: CasesSeen, { framework, ...aim }: CutFor): Cut | null {
  const { cases } = factsOf(framework);
  if (cases === null) return null;
  const units = unitsOf(seen, cases);
  const workMs = units.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const overheadMs = Math.max(0, seen.durationMs - workMs) / seen.processes;
  const worthIt = overheadMs === 0 ? Number.POSITIVE_INFINITY : Math.floor(workMs / overheadMs); // More would begin longer than they run.
  const partMs = partMsOf(overheadMs, aim);
  const count = Math.min(units.length, Math.ceil((workMs + overheadMs) / partMs), worthIt, DEFAULTS.mostParts);
  if (count < 2) return null;

  const parts = Array.from({ length: count }, () => ({ names: [] as CaseName[], workMs: 0 }));
  const rest = parts.at(-1);
  let characters = 0;
  for (const unit of units) {
    const least = parts.reduce((best, part) => (part.workMs <= best.workMs ? part : best));
    const isTooMuch = least !== rest && characters + unit.characters > DEFAULTS.selectionCharacters;
    const part = isTooMuch && rest !== undefined ? rest : least;
    if (part !== rest) characters += unit.characters;
    part.names.push(...unit.names);
    part.workMs += unit.durationMs;
  }
  const used = parts.filter((part) => part === rest || part.names.length > 0);
  return used.length < 2
    ? null
    : { named: used.slice(0, -1).map(({ names }) => names), estimatesMs: used.map((part) => overheadMs + part.workMs) };
}

/**
 * How long a part should take. Small ones pay the overhead often: `overhead × work ÷ part` over all slots; large ones leave slots idle at the
 * end: half a part. The sum is least at the root.
 */
function partMsOf(overheadMs: number, { mostMs, workMs, slots }: Omit<CutFor, 'framework'>): number {
  if (slots === 0) return mostMs;
  return Math.min(mostMs, Math.max(DEFAULTS.leastPartMs, Math.sqrt((2 * overheadMs * workMs) / slots)));
}

/** The cases of one part, `number` from 1. */
export function selectionOf(
  { number, of }: { readonly number: number; readonly of: number },
  named: Cut['named'],
): CaseSelection {
  return number < of ? { kind: 'only', names: named[number - 1] ?? [] } : { kind: 'except', names: named.flat() };
}

/** Longest first. What cannot be selected by itself goes with what it cannot be told from: jest does not heed capitals. */
function unitsOf({ cases }: CasesSeen, { unit, ignoresTags }: CaseSelecting): Unit[] {
  const units = new Map<string, { names: CaseName[]; durationMs: number }>();
  for (const { name, durationMs } of cases) {
    const own = unit === 'case' ? name : name.slice(0, 1);
    const full = own.join(' ');
    const key = (ignoresTags ? withoutTags(full).join(' ') : full).toLowerCase();
    const known = units.get(key);
    const addsTime = unit === 'case' || name.length === 1; // An outermost group has the time of all in it.
    if (known === undefined) units.set(key, { names: [own], durationMs: addsTime ? durationMs : 0 });
    else {
      if (addsTime) known.durationMs += durationMs;
      if (!known.names.some((other) => isSame(other, own))) known.names.push(own);
    }
  }
  return [...units.entries()]
    .map(([key, { names, durationMs }]) => ({ key, names, durationMs, characters: JSON.stringify(names).length }))
    .sort((a, b) => b.durationMs - a.durationMs || (a.key < b.key ? -1 : 1));
}

/** The words of a name that are no tags. */
function withoutTags(name: string): string[] {
  return name.split(/\s+/).filter((word) => word !== '' && !word.startsWith('@'));
}

function isSame(a: CaseName, b: CaseName): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
