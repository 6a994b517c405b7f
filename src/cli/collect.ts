/** All words of a flag that may be repeated. They are read where all flags are. */
export function collect(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}
