import type { CommandLine } from '../framework.js';

/** The arguments of a framework: its options with their values, and the files, folders and patterns that it names. */
export type SplitWords = { readonly options: readonly string[]; readonly names: readonly string[] };

/** Divides arguments. The word after a switch or after `--name=value` is no value; after `--` all words are names. */
export function splitWords(words: readonly string[], { valued }: Pick<CommandLine, 'valued'>): SplitWords {
  const options: string[] = [];
  const names: string[] = [];
  for (const unit of unitsOf(words, valued)) {
    if (unit[0] === '--') names.push(...unit.slice(1));
    else if (unit[0]?.startsWith('-') && unit[0] !== '-') options.push(...unit);
    else names.push(...unit);
  }
  return { options, names };
}

/** Arguments without the options that have no part in a run by Holdfast, and the names of those. */
export function withoutOptions(
  words: readonly string[],
  { valued, leftOut }: Pick<CommandLine, 'valued' | 'leftOut'>,
): { readonly kept: readonly string[]; readonly removed: readonly string[] } {
  const units = unitsOf(words, valued);
  const isLeftOut = (unit: readonly string[]) => leftOut.includes(nameOf(unit));
  return { kept: units.filter((unit) => !isLeftOut(unit)).flat(), removed: units.filter(isLeftOut).map(nameOf) };
}

/** `--coverage.reporter=text` → `--coverage`. */
function nameOf([word = '']: readonly string[]): string {
  return word.startsWith('--') && word !== '--' ? word.replace(/[=.].*$/s, '') : word;
}

/** Each option with its value, each name, and everything from `--` on. */
function unitsOf(words: readonly string[], valued: readonly string[]): readonly (readonly string[])[] {
  const units: string[][] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '--') return [...units, words.slice(index)];
    if (valued.includes(word) && index + 1 < words.length) {
      units.push([word, words[index + 1] ?? '']);
      index += 1;
    } else units.push([word]);
  }
  return units;
}
