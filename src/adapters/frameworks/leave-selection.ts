import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseSelection } from '../../core/cut.js';

/** Leaves a selection of cases where a plugin of ours finds it, with the full name of each (groups and title, blanks between), and returns its path. */
export async function leaveSelection({ kind, names }: CaseSelection, scratch: string): Promise<string> {
  const path = join(scratch, 'selection.json');
  await writeFile(path, JSON.stringify({ kind, names: names.map((name) => name.join(' ')) }));
  return path;
}
