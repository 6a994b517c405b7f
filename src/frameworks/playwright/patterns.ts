import { sep } from 'node:path';
import escapeStringRegexp from 'escape-string-regexp';
import type { CaseName } from '../../core/plan/split.js';

/** A pattern between slashes: playwright matches these case-sensitively. It must not contain line breaks. */
const pattern = (text: string) =>
  `/${text.replaceAll(/[\n\r\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)}/`;

const anyOf = (texts: readonly string[]) => `(?:${[...new Set(texts)].join('|')})`;

/** The filter for exactly one file; playwright matches filters against absolute paths. */
export const exactly = (path: string) => pattern(`^${escapeStringRegexp(path)}$`);

/** The filter for all files except these. */
export const allBut = (paths: readonly string[]) => pattern(`^(?!${anyOf(paths.map(escapeStringRegexp))}$)[\\s\\S]*$`);

const TAGS = '(?: @\\S+)*';

/** The first part of a case's name if its project has a name, as playwright prints it. */
export const projectPart = (projectName: string): CaseName => (projectName === '' ? [] : [`[${projectName}]`]);

/**
 * A pattern that matches these cases of one file. Playwright matches it against the project, the file's path relative to a folder that
 * only playwright knows, the groups and the title, joined by spaces; tags follow each group and the title.
 */
export function titlePattern(names: readonly CaseName[], path: string): string {
  const parts = path.split(sep).filter(Boolean);
  const file = `(?:\\.\\./)*${anyOf(parts.map((_, index) => escapeStringRegexp(parts.slice(index).join('/'))))}`;
  const byProject = new Map<string, string[]>();
  for (const name of names) {
    const project = /^\[([\s\S]*)\]$/.exec(name[0] ?? '')?.[1];
    const titles = project === undefined ? name : name.slice(1);
    const words = titles.map((title) => ` ${escapeStringRegexp(title)}${TAGS}`).join('');
    byProject.set(project ?? '', [...(byProject.get(project ?? '') ?? []), words]);
  }
  const cases = [...byProject].map(([project, titles]) => `${escapeStringRegexp(project)} ${file}${anyOf(titles)}`);
  return pattern(`^ *${anyOf(cases)}$`);
}
