import { RunnerError } from '../core/errors.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import type { Terminal } from '../render/terminal.js';
import type { FolderOf } from './github.js';
import type { Reporter } from './reporter.js';

/** The kinds of reporters. Each is loaded on demand, as most commands need one or none. */
type ReporterKind =
  /** Shows runs to a person while they are running. */
  | { readonly kind: 'view'; load(): Promise<(terminal: Terminal, now: () => number) => Reporter> }
  /** Renders finished runs into a file with this usual extension. */
  | { readonly kind: 'file'; readonly extension: string; load(): Promise<(reports: readonly SuiteReport[]) => string> }
  /** Adds notes to the log and the job summary of a CI service. */
  | { readonly kind: 'annotations'; load(): Promise<RenderAnnotations> };

/** `summary` is null if there is nothing to summarize. */
type RenderAnnotations = (
  reports: readonly SuiteReport[],
  folderOf: FolderOf,
) => { readonly log: string; readonly summary: string | null };

/** All reporters by their name in `--reporter`. To add one, add a line here and a file next to this one. */
export const REPORTERS = {
  live: { kind: 'view', load: async () => (await import('./live.js')).createLiveReporter },
  ci: { kind: 'view', load: async () => (await import('./ci.js')).createCiReporter },
  github: { kind: 'annotations', load: async () => (await import('./github.js')).renderForGitHub },
  junit: { kind: 'file', extension: 'xml', load: async () => (await import('./junit.js')).toJUnit },
  json: { kind: 'file', extension: 'json', load: async () => (await import('./json.js')).toJson },
  tap: { kind: 'file', extension: 'tap', load: async () => (await import('./tap.js')).toTap },
} as const satisfies Readonly<Record<string, ReporterKind>>;

export type ReporterName = keyof typeof REPORTERS;

/** A requested reporter. `path` is set for those that write a file; `-` means stdout. */
export type ReporterSpec = { readonly name: ReporterName; readonly path: string | null };

/** The values of `--reporter` for help texts: `live, ci, github, junit=path, …`. */
export const REPORTER_WORDS = Object.entries(REPORTERS)
  .map(([name, { kind }]) => (kind === 'file' ? `${name}=path` : name))
  .join(', ');

/** Parses `name[=path]`. Throws USAGE for an unknown name, a missing path or an unexpected one. */
export function parseReporter(text: string): ReporterSpec {
  const at = text.indexOf('=');
  const word = at < 0 ? text : text.slice(0, at);
  const path = at < 0 ? null : text.slice(at + 1);
  if (!isReporterName(word))
    throw new RunnerError('USAGE', `There is no reporter "${word}"; there are ${Object.keys(REPORTERS).join(', ')}.`);
  const reporter = REPORTERS[word];
  if (reporter.kind === 'file' && (path === null || path === ''))
    throw new RunnerError(
      'USAGE',
      `The reporter ${word} needs a path, as in ${word}=report.${reporter.extension}, or ${word}=- for standard output.`,
    );
  if (reporter.kind !== 'file' && path !== null)
    throw new RunnerError('USAGE', `The reporter ${word} takes no path; it got "${path}".`);
  return { name: word, path };
}

function isReporterName(word: string): word is ReporterName {
  return Object.hasOwn(REPORTERS, word);
}
