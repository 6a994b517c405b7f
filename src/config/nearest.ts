import { distance } from 'fastest-levenshtein';

/** The known word closest to a mistyped one; null if none is within two edits and less than half its length. */
export function nearest(word: string, known: readonly string[]): string | null {
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= 2 && best.edits < best.candidate.length / 2 ? best.candidate : null;
}
