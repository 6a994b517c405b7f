import type { CompileGlob } from './rules.js';

/** One entry of the quarantine file: which failures do not count, why, and until when. */
export type QuarantineEntry = {
  /** Glob of test files, relative to the suite’s folder. */
  readonly file: string;
  /** Name of a case, where `*` matches any characters; undefined for the whole file. */
  readonly case?: string;
  readonly reason: string;
  readonly owner?: string;
  /** Last day on which it applies, such as `2027-01-31`. */
  readonly expires: string;
  /** Environments in which it applies; all if empty. */
  readonly environments: readonly string[];
  /** Its line in the file, from 1. */
  readonly line: number;
};

/** The quarantine entries that apply to one file. */
export type QuarantineMatch = {
  /** Names of the quarantined cases; null for the whole file. */
  readonly cases: readonly string[] | null;
  /** For people: why, from which line, until when. */
  readonly reason: string;
  /** The entry has expired, so failures count again. */
  readonly isExpired: boolean;
};

/** Name of the quarantine file, beside the configuration. */
export const QUARANTINE_FILE = 'holdfast.quarantine.yaml';

/** Returns a function that finds the entries for a path on this day and in this environment; it returns undefined without any. */
export function compileQuarantine(
  entries: readonly QuarantineEntry[],
  {
    today,
    environment,
    compileGlob,
  }: { readonly today: string; readonly environment: string | null; readonly compileGlob: CompileGlob },
): (path: string) => QuarantineMatch | undefined {
  const applicable = entries
    .filter(({ environments }) => environments.length === 0 || (environment !== null && environments.includes(environment)))
    .map((entry) => ({ entry, matches: compileGlob(entry.file) }));
  return (path) => {
    const found = applicable.filter(({ matches }) => matches(path)).map(({ entry }) => entry);
    const valid = found.filter(({ expires }) => expires >= today);
    const relevant = valid.length > 0 ? valid : found;
    const [first] = relevant;
    if (first === undefined) return undefined;
    const whole = relevant.find((entry) => entry.case === undefined);
    return {
      cases: whole === undefined ? relevant.flatMap((entry) => entry.case ?? []) : null,
      reason: reasonOf(whole ?? first),
      isExpired: valid.length === 0,
    };
  };
}

function reasonOf({ reason, line, expires, owner }: QuarantineEntry): string {
  return `${reason} (${QUARANTINE_FILE} line ${line}, until ${expires}${owner === undefined ? '' : `, ${owner}`})`;
}

/** Is a case quarantined? Patterns match either its own name, or its full name with groups, joined by ` > `. */
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
