import { distance } from 'fastest-levenshtein';

/** The known word that a mistyped one most likely means; null when none is near: at most two edits, and fewer than half its letters. */
export function nearest(word: string, known: readonly string[]): string | null {
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= 2 && best.edits < best.candidate.length / 2 ? best.candidate : null;
}
