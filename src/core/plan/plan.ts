import { DEFAULTS } from '../defaults.js';
import type { Estimate } from '../history/durations.js';
import type { Part, PlannedFile, SuiteInput } from '../model/suite.js';
import { planOrder } from './order.js';
import type { QuarantineMatch } from './quarantine.js';
import { type CompileGlob, compileRules, type Overrides } from './rules.js';
import { canBeSplit } from './split.js';
import { timeoutOf } from './timeouts.js';

/** A part of a file and its estimate. */
export type PlannedPart = { readonly part: Part; readonly estimateMs: number };

/** The input of a plan. */
export type PlanParts = {
  readonly paths: readonly string[];
  readonly estimates: ReadonlyMap<string, Estimate>;
  readonly input: Pick<SuiteInput, 'timeoutMs' | 'killGraceMs' | 'order' | 'repeatEach' | 'repeatNew' | 'rules'>;
  readonly compileGlob: CompileGlob;
  /** The parts of files to be split, by path. */
  readonly parts?: ReadonlyMap<string, readonly PlannedPart[]>;
  /** The quarantine entries that apply to a path; undefined if none. */
  readonly quarantineFor: (path: string) => QuarantineMatch | undefined;
  readonly ownerOf: (path: string) => string | undefined;
  /** Size in bytes, by path. Files without a record are ordered by size. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Files that collided with others in earlier runs, with what was seen, and the slots of the largest worker. Undefined: none. */
  readonly apart?: { readonly seen: ReadonlyMap<string, string>; readonly slots: number };
  /** Content hashes by path: current, and last recorded. Undefined if changes do not matter. */
  readonly contents?: { readonly now: Readonly<Record<string, string>>; readonly before: ReadonlyMap<string, string> };
};

/** The tasks of a run in order, each with its own settings. */
export function planFiles({
  paths,
  estimates,
  input,
  compileGlob,
  parts,
  quarantineFor,
  ownerOf,
  sizes,
  apart,
  contents,
}: PlanParts): PlannedFile[] {
  const overridesFor = compileRules(input.rules ?? [], compileGlob);
  const { repeatEach, repeatNew = 1, timeoutMs, killGraceMs = DEFAULTS.killGraceMs } = input;
  const files = paths.flatMap((path) => {
    const known = estimates.get(path);
    const { splitOverMs: _, ...overrides } = overridesFor(path);
    const quarantine = quarantineFor(path);
    const owner = ownerOf(path);
    const content = contents?.now[path];
    const file = {
      path,
      estimateMs: known?.ms ?? null,
      ...(timeoutMs === null && known !== undefined && timeoutOf(Math.max(known.ms, known.slowestMs), killGraceMs)),
      ...overrides,
      ...apartFrom(overrides, apart?.seen.get(path), apart?.slots ?? 1),
      ...(overrides.timeoutMs !== undefined && { killGraceMs }),
      ...(quarantine && { quarantine }),
      ...(owner !== undefined && { owner }),
      ...(content !== undefined && { content }),
    };
    const isNew = known === undefined || (content !== undefined && content !== contents?.before.get(path));
    const times = isNew ? Math.max(repeatEach, repeatNew) : repeatEach;
    const tasks = parts?.get(path)?.map((part) => ({ ...file, ...part })) ?? [file];
    return Array.from({ length: times }, (_, index) => tasks.map((task) => ({ ...task, repeat: index + 1 }))).flat();
  });
  return planOrder(files, input.order, sizes);
}

/**
 * The settings of a file that has its machine to itself: it takes all slots and runs before all others, so that a machine empties
 * only once for all such files. A rule that already says what the file may not run beside has the last word.
 */
function apartFrom(
  { serial, resources, slots, memoryMb }: Overrides,
  seen: string | undefined,
  mostSlots: number,
): Pick<PlannedFile, 'apart' | 'slots' | 'priority'> {
  const hasRule = serial !== undefined || resources !== undefined || slots !== undefined || memoryMb !== undefined;
  return seen === undefined || hasRule || mostSlots < 2 ? {} : { apart: seen, slots: mostSlots, priority: 'first' };
}

/** A file that should run in parts, and the longest that a part may take, in ms. */
export type LongFile = { readonly path: string; readonly mostMs: number };

/**
 * Files with an estimate above their `splitOverMs`, if the framework can select cases. Files that must not run concurrently with
 * themselves are left out, since their parts would only wait for each other.
 */
export function longFiles({
  paths,
  estimates,
  input: { framework, rules = [] },
  compileGlob,
}: Pick<PlanParts, 'paths' | 'estimates' | 'compileGlob'> & {
  readonly input: Pick<SuiteInput, 'framework' | 'rules'>;
}): readonly LongFile[] {
  if (!canBeSplit(framework) || !rules.some(({ splitOverMs }) => splitOverMs !== undefined)) return [];
  const overridesFor = compileRules(rules, compileGlob);
  return paths.flatMap((path) => {
    const { splitOverMs: mostMs, serial, overlap, needs } = overridesFor(path);
    const ms = estimates.get(path)?.ms ?? 0;
    return mostMs === undefined || ms <= mostMs || serial !== undefined || needs !== undefined || overlap === false
      ? []
      : [{ path, mostMs }];
  });
}
