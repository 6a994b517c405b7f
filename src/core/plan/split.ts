import { DEFAULTS } from '../defaults.js';
import { type CaseSelecting, caseSelectingOf } from '../model/frameworks.js';
import type { FrameworkSpec } from '../model/suite.js';

/** The name of a case, from the outermost group inwards. */
export type CaseName = readonly string[];

/** Which cases of a file run: only these, or all except these. */
export type CaseSelection = { readonly kind: 'only' | 'except'; readonly names: readonly CaseName[] };

/** The cases of a file as its last complete pass reported them. */
export type CasesSeen = {
  /** Sum over all its processes. */
  readonly durationMs: number;
  /** Number of processes that ran it: more than one if it ran in parts. */
  readonly processes: number;
  readonly cases: readonly { readonly name: CaseName; readonly durationMs: number }[];
};

/** How a file is split into parts. */
export type Split = {
  /** The case names of each part but the last, which runs all other cases, including new ones. */
  readonly named: readonly (readonly CaseName[])[];
  /** The estimate of each part, including the last. */
  readonly estimatesMs: readonly number[];
};

/** The settings that decide how the cases of a suite are selected. */
type Selecting = Pick<FrameworkSpec, 'name' | 'select' | 'report'>;

/** Can the files of this suite be split? */
export function canBeSplit({ args, ...framework }: Selecting & Pick<FrameworkSpec, 'args'>): boolean {
  const cases = caseSelectingOf(framework);
  return cases !== null && !args.some((word) => cases.takenBy?.test(word));
}

/** One case, or several that the framework cannot tell apart by their full names. */
type Unit = { readonly names: readonly CaseName[]; readonly durationMs: number; readonly characters: number };

/** What the size of parts depends on. */
export type SplitAim = {
  readonly framework: Selecting;
  /** Longest estimate of a part, as far as the cases allow. */
  readonly mostMs: number;
  /** Sum of the estimates of the run, and the slots of the fleet; 0 if unknown. */
  readonly workMs: number;
  readonly slots: number;
};

/**
 * Splits a file into parts: longest case first, each to the part with the least work. null if the file stays whole. Each part
 * repeats the file's setup, so there are never so many parts that setup takes longer than the cases. Cases whose names would make
 * a command line too long stay in the last part.
 */
export function splitFile(seen: CasesSeen, { framework, ...aim }: SplitAim): Split | null {
  const cases = caseSelectingOf(framework);
  if (cases === null) return null;
  const units = unitsOf(seen, cases);
  const workMs = units.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const overheadMs = Math.max(0, seen.durationMs - workMs) / seen.processes;
  // With more parts, setup would outweigh the cases.
  const worthIt = overheadMs === 0 ? Number.POSITIVE_INFINITY : Math.floor(workMs / overheadMs);
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
 * How long a part should take. Small parts pay the overhead often: `overhead × work ÷ part`, spread over all slots. Large ones
 * leave slots idle at the end, for half a part on average. The square root minimises the sum.
 */
function partMsOf(overheadMs: number, { mostMs, workMs, slots }: Omit<SplitAim, 'framework'>): number {
  if (slots === 0) return mostMs;
  return Math.min(mostMs, Math.max(DEFAULTS.leastPartMs, Math.sqrt((2 * overheadMs * workMs) / slots)));
}

/** The cases that one part runs. `number` counts from 1. */
export function selectionOf(
  { number, of }: { readonly number: number; readonly of: number },
  named: Split['named'],
): CaseSelection {
  return number < of ? { kind: 'only', names: named[number - 1] ?? [] } : { kind: 'except', names: named.flat() };
}

const UNIT_NAME: Readonly<Record<CaseSelecting['unit'], (name: CaseName) => CaseName>> = {
  case: (name) => name,
  outermost: (name) => name.slice(0, 1),
  innermost: (name) => name.slice(-1),
};

/** The name by which a case is selected. */
function unitNameOf(name: CaseName, { unit, runNumber }: Pick<CaseSelecting, 'unit' | 'runNumber'>): CaseName {
  return UNIT_NAME[unit](name).filter((part) => !runNumber?.test(part));
}

/** The same for all names that cannot be selected separately. */
function keyOfUnit(unitName: CaseName, { ignoresTags }: Pick<CaseSelecting, 'ignoresTags'>): string {
  const full = unitName.join(' ');
  return (ignoresTags ? withoutTags(full).join(' ') : full).toLowerCase();
}

/**
 * Whether a selection asks for a case. `unclear`: it has one that differs only in what some frameworks ignore in names, so either may be
 * right.
 */
export function asksFor({ kind, names }: CaseSelection, name: CaseName, selecting: CaseSelecting): boolean | 'unclear' {
  const own = unitNameOf(name, selecting);
  const isNamed = names.some((selected) => selected.join(' ') === own.join(' '));
  const isAlike = names.some((selected) => keyOfUnit(selected, selecting) === keyOfUnit(own, selecting));
  return isNamed === isAlike ? isNamed === (kind === 'only') : 'unclear';
}

/** Longest first. Cases that cannot be selected separately stay together; jest, for example, ignores case in names. */
function unitsOf({ cases }: CasesSeen, { unit, ...selecting }: CaseSelecting): Unit[] {
  const units = new Map<string, { names: CaseName[]; durationMs: number }>();
  for (const { name, durationMs } of cases) {
    const unitName = unitNameOf(name, { unit, ...selecting });
    const key = keyOfUnit(unitName, selecting);
    const known = units.get(key);
    const addsTime = unit !== 'outermost' || name.length === 1; // An outermost group's duration includes everything in it.
    if (known === undefined) units.set(key, { names: [unitName], durationMs: addsTime ? durationMs : 0 });
    else {
      if (addsTime) known.durationMs += durationMs;
      if (!known.names.some((other) => isSame(other, unitName))) known.names.push(unitName);
    }
  }
  return [...units.entries()]
    .map(([key, { names, durationMs }]) => ({ key, names, durationMs, characters: JSON.stringify(names).length }))
    .sort((a, b) => b.durationMs - a.durationMs || (a.key < b.key ? -1 : 1));
}

/** The words of a name, without tags. */
function withoutTags(name: string): string[] {
  return name.split(/\s+/).filter((word) => word !== '' && !word.startsWith('@'));
}

function isSame(a: CaseName, b: CaseName): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
