import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseSelection } from '../core/plan/split.js';

/** A case selection in the form that plugins read: the full name of each case, its groups and title joined by spaces. */
export type SelectionByFullName = { readonly kind: CaseSelection['kind']; readonly names: readonly string[] };

export function byFullName({ kind, names }: CaseSelection): SelectionByFullName {
  return { kind, names: names.map((name) => name.join(' ')) };
}

/** Writes the selection to a file for a plugin and returns its path. */
export async function leaveSelection(selection: CaseSelection, scratch: string): Promise<string> {
  const path = join(scratch, 'selection.json');
  await writeFile(path, JSON.stringify(byFullName(selection)));
  return path;
}
