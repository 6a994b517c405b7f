import type { PlannedFile } from '../model/suite.js';
import { seededRandom } from './random.js';

/** One task of a run: a file, which of its repeats, and which of its parts. No two tasks of a run have the same key. */
export type FileKey = Pick<PlannedFile, 'path' | 'repeat'> & { readonly part?: { readonly number: number } | undefined };

/** What decides who goes first: recorded durations, the path, or chance; the same seed gives the same order. Without one the run makes its own. */
export type OrderBy = { readonly kind: 'recorded' | 'path' } | { readonly kind: 'random'; readonly seed?: number };

/** A file, and when its turn comes: the smaller `at`, the sooner; of several unknown ones, the larger `guess`. */
type Ranked = { readonly file: PlannedFile; isFirst: boolean; at: number; guess: number };

/**
 * Longest first, so that no long test file starts last and stretches the makespan.
 * A file without an estimate goes first: it may be the longest, and of several the largest is guessed to be. Ties go by path, then repeat, so that a
 * replay plans the same order.
 * Files of one serial group follow each other by path, whatever decides: each counts for itself and all that wait for it, so that a long
 * chain of short files starts early. Those whose rule says `first` go ahead of all others, with what their group has before them.
 */
export function planOrder(
  files: readonly PlannedFile[],
  by: OrderBy = { kind: 'recorded' },
  sizes: Readonly<Record<string, number>> = {},
): PlannedFile[] {
  const ranked = files.toSorted(compareKeys).map((file) => ({
    file,
    isFirst: file.priority === 'first',
    at: 0,
    guess: file.estimateMs === null ? (sizes[file.path] ?? 0) : 0,
  }));
  const random = by.kind === 'random' ? seededRandom(by.seed ?? 0) : undefined;
  for (const one of ranked) one.at = random ? random() : by.kind === 'recorded' ? -lengthOf(one.file) : 0;
  for (const chain of chainsOf(ranked)) rankChain(chain, by);
  return ranked.sort(by.kind === 'recorded' ? compareGuesses : compareRanks).map(({ file }) => file); // Stable: ties stay as the keys have them.
}

const lengthOf = ({ estimateMs }: PlannedFile) => estimateMs ?? Number.POSITIVE_INFINITY;

/** Files of each serial group, by path. */
function chainsOf(ranked: readonly Ranked[]): Iterable<readonly Ranked[]> {
  const chains = new Map<string, Ranked[]>();
  for (const one of ranked) {
    const { serial } = one.file;
    if (serial === undefined) continue;
    const chain = chains.get(serial);
    if (chain) chain.push(one);
    else chains.set(serial, [one]);
  }
  return chains.values();
}

/** By length, each counts for all that follow it; by chance, the chain's turns are dealt to it in its order; by path, it has its order. */
function rankChain(chain: readonly Ranked[], by: OrderBy): void {
  const turns = chain.map(({ at }) => at).sort((a, b) => a - b);
  let isFirst = false;
  let lengthMs = 0;
  const guess = Math.max(...chain.map((one) => one.guess));
  for (const [index, one] of [...chain.entries()].reverse()) {
    isFirst ||= one.isFirst;
    lengthMs += lengthOf(one.file);
    one.isFirst = isFirst;
    one.guess = guess;
    one.at = by.kind === 'recorded' ? -lengthMs : (turns[index] ?? one.at);
  }
}

function compareRanks(a: Ranked, b: Ranked): number {
  if (a.isFirst !== b.isFirst) return a.isFirst ? -1 : 1;
  return a.at === b.at ? 0 : a.at - b.at; // Two infinities are equal; their difference is no number.
}

/** Files of one chain have one guess, so that they stay in its order. */
const compareGuesses = (a: Ranked, b: Ranked) => compareRanks(a, b) || b.guess - a.guess;

/** By path, then repeat, then part. Code units, not a locale: the order is the same on every machine. */
export function compareKeys(a: FileKey, b: FileKey): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.repeat - b.repeat || (a.part?.number ?? 0) - (b.part?.number ?? 0);
}

/** The key as text, for maps and sets. No path holds a NUL, so no two keys meet. */
export function keyOf({ path, repeat, part }: FileKey): string {
  return part === undefined ? `${path}\0${repeat}` : `${path}\0${repeat}\0${part.number}`;
}
