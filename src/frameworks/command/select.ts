import { type CaseSelecting, caseSelectingOf } from '../../core/model/frameworks.js';
import type { FrameworkSpec } from '../../core/model/suite.js';
import type { CaseName, CaseSelection } from '../../core/plan/split.js';

/** The words of `select` for this selection: `{case}` repeats its word for each case, `{cases}` is an alternation for a regular expression. */
export function wordsFor(select: NonNullable<FrameworkSpec['select']>, { kind, names }: CaseSelection): readonly string[] {
  const all = names.map((name) => name.join(' '));
  const alternation = all.map(escapeForRegExp).join('|');
  return select[kind].flatMap((word) => {
    const words = word.includes('{case}') ? all.map((name) => word.replaceAll('{case}', () => name)) : [word];
    return words.map((one) => one.replaceAll('{cases}', () => alternation));
  });
}

/** Was this case selected? Pure: by the name that the suite's report selects cases by. */
export function isSelected(spec: FrameworkSpec, { kind, names }: CaseSelection, name: CaseName): boolean {
  const own = nameOf(caseSelectingOf(spec)?.unit ?? 'case', name).join(' ');
  return names.some((one) => one.join(' ') === own) === (kind === 'only');
}

function nameOf(unit: CaseSelecting['unit'], name: CaseName): CaseName {
  if (unit === 'case') return name;
  return unit === 'outermost' ? name.slice(0, 1) : name.slice(-1);
}

/** Only what every dialect takes: POSIX knows no `\x2d`. */
const escapeForRegExp = (text: string) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
