/** Commander parser that collects the words of a repeatable flag, unparsed. */
export function collect(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}
