import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseSelection } from '../core/plan/split.js';

/** A selection of cases as our plugins know it: by the full name of each, groups and title with blanks between. */
export type SelectionByFullName = { readonly kind: CaseSelection['kind']; readonly names: readonly string[] };

export function byFullName({ kind, names }: CaseSelection): SelectionByFullName {
  return { kind, names: names.map((name) => name.join(' ')) };
}

/** Leaves it where a plugin finds it, and returns its path. */
export async function leaveSelection(selection: CaseSelection, scratch: string): Promise<string> {
  const path = join(scratch, 'selection.json');
  await writeFile(path, JSON.stringify(byFullName(selection)));
  return path;
}
