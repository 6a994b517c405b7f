import escapeStringRegexp from 'escape-string-regexp';
import type { CaseSelection } from '../core/plan/split.js';

/**
 * A regular expression that matches exactly the selected full names (groups and title joined by `separator`). `except` matches every
 * name that `only` with the same names does not.
 */
export function namePattern({ kind, names }: CaseSelection, separator = ' '): string {
  const any = names.map((name) => escapeStringRegexp(name.join(separator))).join('|');
  return kind === 'only' ? `^(?:${any})$` : `^(?!(?:${any})$)`;
}
