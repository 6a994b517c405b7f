import { expect } from 'vitest';
import type { About, Situation } from '../../src/frameworks/about.js';
import type { Reading } from '../../src/frameworks/framework.js';

/** A test file, and how its attempt was judged. */
type Judged = { readonly file: string; readonly kind: Reading['kind'] };

/** Holds what the documentation says of a framework against what its tests have seen. `files`: which file is in which situation. */
export function expectAsDocumented(about: About, seen: readonly Judged[], files: Readonly<Record<Situation, string>>): void {
  const kinds = new Map(seen.map(({ file, kind }) => [file, kind]));
  const judged = Object.entries(files).map(([situation, file]) => [situation, kinds.get(file)]);
  const documented = Object.entries(about.situations).map(([situation, entry]) => {
    const judgement = typeof entry === 'string' ? entry : entry[0];
    return [situation, judgement === 'noTestsError' ? 'noTests' : judgement];
  });
  expect(Object.fromEntries(judged)).toEqual(Object.fromEntries(documented));
}
