import { type CaseSelecting, caseSelectingOf } from '../../core/model/frameworks.js';
import type { FrameworkSpec } from '../../core/model/suite.js';
import type { CaseName, CaseSelection } from '../../core/plan/split.js';

/** Expands `select` for a selection: a word with `{case}` is repeated per case, `{cases}` becomes a regular-expression alternation. */
export function wordsFor(select: NonNullable<FrameworkSpec['select']>, { kind, names }: CaseSelection): readonly string[] {
  const all = names.map((name) => name.join(' '));
  const alternation = all.map(escapeForRegExp).join('|');
  return select[kind].flatMap((word) => {
    const words = word.includes('{case}') ? all.map((name) => word.replaceAll('{case}', () => name)) : [word];
    return words.map((expanded) => expanded.replaceAll('{cases}', () => alternation));
  });
}

/** Whether the selection includes this case, by whichever part of its name the suite selects cases. */
export function isSelected(spec: FrameworkSpec, { kind, names }: CaseSelection, name: CaseName): boolean {
  const own = nameOf(caseSelectingOf(spec)?.unit ?? 'case', name).join(' ');
  return names.some((selected) => selected.join(' ') === own) === (kind === 'only');
}

function nameOf(unit: CaseSelecting['unit'], name: CaseName): CaseName {
  if (unit === 'case') return name;
  return unit === 'outermost' ? name.slice(0, 1) : name.slice(-1);
}

/** Escapes in a way that every dialect accepts: POSIX has no `\x2d`. */
const escapeForRegExp = (text: string) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
