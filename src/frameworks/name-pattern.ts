import escapeStringRegexp from 'escape-string-regexp';
import type { CaseSelection } from '../core/plan/split.js';

/**
 * A regular expression of the full names (groups and title, blanks between) that a selection means. It is exact, and `except` matches whatever
 * `only` with the same names does not.
 */
export function namePattern({ kind, names }: CaseSelection): string {
  const any = names.map((name) => escapeStringRegexp(name.join(' '))).join('|');
  return kind === 'only' ? `^(?:${any})$` : `^(?!(?:${any})$)`;
}
