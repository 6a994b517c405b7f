import type { PlannedFile } from '../model/suite.js';
import { seededRandom } from './random.js';

/** Identifies one task of a run: a file, its repetition and its part. No two tasks of a run have the same key. */
export type FileKey = Pick<PlannedFile, 'path' | 'repeat'> & { readonly part?: { readonly number: number } | undefined };

/** What decides the order: recorded durations, the path, or a random seed. Without a seed, the run chooses one. */
export type OrderBy = { readonly kind: 'recorded' | 'path' } | { readonly kind: 'random'; readonly seed?: number };

/** A file and its rank: the smaller `at`, the earlier. Among files without an estimate, the larger `guess` goes first. */
type Ranked = { readonly file: PlannedFile; isFirst: boolean; at: number; guess: number };

/**
 * Longest first, so that no long file starts last and stretches the makespan. Files without an estimate go first, since one of
 * them may be the longest, ordered by size. Ties are broken by path, then repetition, so that repeated planning yields the same
 * order. Files of a serial group always keep the order of their paths, and each counts for itself and all its successors, so that
 * a long chain of short files starts early. Files with `priority: first` precede all but their predecessors in the group.
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
  for (const entry of ranked) entry.at = random ? random() : by.kind === 'recorded' ? -lengthOf(entry.file) : 0;
  for (const chain of chainsOf(ranked)) rankChain(chain, by);
  return ranked.sort(by.kind === 'recorded' ? compareGuesses : compareRanks).map(({ file }) => file); // Stable: ties keep key order.
}

const lengthOf = ({ estimateMs }: PlannedFile) => estimateMs ?? Number.POSITIVE_INFINITY;

/** The files of each serial group, by path. */
function chainsOf(ranked: readonly Ranked[]): Iterable<readonly Ranked[]> {
  const chains = new Map<string, Ranked[]>();
  for (const entry of ranked) {
    const { serial } = entry.file;
    if (serial === undefined) continue;
    const chain = chains.get(serial);
    if (chain) chain.push(entry);
    else chains.set(serial, [entry]);
  }
  return chains.values();
}

/**
 * By duration, each file counts for itself and all its successors in the chain. In random order, the ranks drawn for the chain
 * are assigned in its own order. By path, the chain is in order already.
 */
function rankChain(chain: readonly Ranked[], by: OrderBy): void {
  const ranks = chain.map(({ at }) => at).sort((a, b) => a - b);
  let isFirst = false;
  let lengthMs = 0;
  const guess = Math.max(...chain.map((entry) => entry.guess));
  for (const [index, entry] of [...chain.entries()].reverse()) {
    isFirst ||= entry.isFirst;
    lengthMs += lengthOf(entry.file);
    entry.isFirst = isFirst;
    entry.guess = guess;
    entry.at = by.kind === 'recorded' ? -lengthMs : (ranks[index] ?? entry.at);
  }
}

function compareRanks(a: Ranked, b: Ranked): number {
  if (a.isFirst !== b.isFirst) return a.isFirst ? -1 : 1;
  return a.at === b.at ? 0 : a.at - b.at; // The difference of two infinities is NaN.
}

/** Files of a chain share a guess, so that they stay in order. */
const compareGuesses = (a: Ranked, b: Ranked) => compareRanks(a, b) || b.guess - a.guess;

/** By path, then repetition, then part. Compares code units, not by locale, so that the order is the same on every machine. */
export function compareKeys(a: FileKey, b: FileKey): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.repeat - b.repeat || (a.part?.number ?? 0) - (b.part?.number ?? 0);
}

/** The key as a string, for maps and sets. Paths contain no NUL, so no two keys collide. */
export function keyOf({ path, repeat, part }: FileKey): string {
  return part === undefined ? `${path}\0${repeat}` : `${path}\0${repeat}\0${part.number}`;
}
