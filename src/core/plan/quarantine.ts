import type { CompileGlob } from './rules.js';

/** One line of the quarantine file: whose failures do not count, why, and until when. */
export type QuarantineEntry = {
  /** Glob of test files, relative to the suite’s folder. */
  readonly file: string;
  /** Name of one case, `*` for any characters; undefined for the whole file. */
  readonly case?: string;
  readonly reason: string;
  readonly owner?: string;
  /** Last day on which it holds, `2027-01-31`. */
  readonly expires: string;
  /** Names of the environments it holds in; empty for all. */
  readonly environments: readonly string[];
  /** Where it stands in the file, from 1. */
  readonly line: number;
};

/** What the quarantine says of one file. */
export type QuarantineMatch = {
  /** Names of cases that may fail; null when the whole file may. */
  readonly cases: readonly string[] | null;
  /** For people: why, where it stands, until when. */
  readonly reason: string;
  /** It was shielded once: its failure counts again. */
  readonly isExpired: boolean;
};

/** Name of the quarantine file, beside the configuration. */
export const QUARANTINE_FILE = 'holdfast.quarantine.yaml';

/** What of the quarantine concerns a path, on a day and in an environment; undefined when nothing does. */
export function compileQuarantine(
  entries: readonly QuarantineEntry[],
  {
    today,
    environment,
    compileGlob,
  }: { readonly today: string; readonly environment: string | null; readonly compileGlob: CompileGlob },
): (path: string) => QuarantineMatch | undefined {
  const here = entries
    .filter(({ environments }) => environments.length === 0 || (environment !== null && environments.includes(environment)))
    .map((entry) => ({ entry, matches: compileGlob(entry.file) }));
  return (path) => {
    const found = here.filter(({ matches }) => matches(path)).map(({ entry }) => entry);
    const valid = found.filter(({ expires }) => expires >= today);
    const telling = valid.length > 0 ? valid : found;
    const [first] = telling;
    if (first === undefined) return undefined;
    const whole = telling.find((entry) => entry.case === undefined);
    return {
      cases: whole === undefined ? telling.flatMap((entry) => entry.case ?? []) : null,
      reason: reasonOf(whole ?? first),
      isExpired: valid.length === 0,
    };
  };
}

function reasonOf({ reason, line, expires, owner }: QuarantineEntry): string {
  return `${reason} (${QUARANTINE_FILE} line ${line}, until ${expires}${owner === undefined ? '' : `, ${owner}`})`;
}

/** Is a case one of those that may fail? Told by its own name, or with those of its groups before it, ` > ` between. */
export function isQuarantinedCase(name: readonly string[], patterns: readonly string[]): boolean {
  const titles = [name.at(-1) ?? '', name.join(' > ')];
  return patterns.some((pattern) => {
    const regex = new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`, 's');
    return titles.some((title) => regex.test(title));
  });
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
