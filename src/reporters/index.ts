import { RunnerError } from '../core/errors.js';
import { createCiReporter } from './ci.js';
import { type FolderOf, renderAnnotations } from './github.js';
import { toJson } from './json.js';
import { toJUnit } from './junit.js';
import { createLiveReporter } from './live.js';
import type { Reporter, Terminal } from './reporter.js';
import { renderStepSummary } from './step-summary.js';

export { exitCodeOfAll } from './exit-code.js';
export type { Reporter, RunningFile, RunView, Terminal } from './reporter.js';
export { type ListedRun, renderList, renderShow, renderTable, type ShowOptions } from './show.js';

export const REPORTERS = ['live', 'ci', 'junit', 'json', 'github'] as const;
export type ReporterName = (typeof REPORTERS)[number];

/** A reporter as asked for. `path` is set for junit and json only; `-` is standard output. */
export type ReporterSpec = { readonly name: ReporterName; readonly path: string | null };

/** The world of the reporters. */
export type ReporterIo = {
  readonly stdout: Terminal;
  /** Takes the lines for people when a report goes to standard output. */
  readonly stderr: Terminal;
  /** ms; only differences count. */
  now(): number;
  writeFile(path: string, text: string): void | Promise<void>;
  /** Appends to the step summary; null where there is none. */
  readonly appendStepSummary: ((text: string) => void | Promise<void>) | null;
  readonly folderOf: FolderOf;
};

/** Reads `name[=path]`. Throws USAGE for an unknown name, a missing path or one too many. */
export function parseReporter(text: string): ReporterSpec {
  const at = text.indexOf('=');
  const word = at < 0 ? text : text.slice(0, at);
  const path = at < 0 ? null : text.slice(at + 1);
  const name = REPORTERS.find((known) => known === word);
  if (name === undefined) throw new RunnerError('USAGE', `There is no reporter "${word}"; there are ${REPORTERS.join(', ')}.`);
  const takesPath = name === 'junit' || name === 'json';
  if (takesPath && (path === null || path === ''))
    throw new RunnerError(
      'USAGE',
      `The reporter ${name} needs a path, as in ${name}=report.${name === 'json' ? 'json' : 'xml'}, or ${name}=- for standard output.`,
    );
  if (!takesPath && path !== null) throw new RunnerError('USAGE', `The reporter ${name} takes no path; it got "${path}".`);
  return { name, path };
}

/**
 * All reporters asked for, as one. Somebody always speaks to the person: without `live` or `ci` it is `live` on a terminal and `ci` elsewhere,
 * on standard error when standard output holds a report. Throws USAGE when two reports would share standard output.
 * `finish` finishes every reporter, then throws the first error there was.
 */
export function createReporters(specs: readonly ReporterSpec[], io: ReporterIo): Reporter {
  const toStdout = specs.filter(({ path }) => path === '-');
  if (toStdout.length > 1) throw new RunnerError('USAGE', 'Only one report can go to standard output.');
  const terminal = toStdout.length > 0 ? io.stderr : io.stdout;
  const person = createPersonReporter(specs, terminal, io.now);
  const silent = { update: () => {}, note: () => {} };
  const reports = specs.flatMap(({ name, path }): Reporter[] => {
    if (path !== null) {
      const render = name === 'junit' ? toJUnit : toJson;
      const write = (text: string) => (path === '-' ? io.stdout.write(text) : io.writeFile(path, text));
      // A report of nothing would be read as green.
      return [{ ...silent, finish: (all) => (all.length === 0 ? undefined : write(render(all))) }];
    }
    return name === 'github' ? [{ ...silent, finish: (all) => finishOnGitHub(all, terminal, io) }] : [];
  });
  return {
    update: (runs) => person.update(runs),
    note: (text) => person.note(text),
    // The person's summary first: it stands even when a report cannot be written.
    finish: async (all) => {
      const ends = await Promise.allSettled([person, ...reports].map(async (reporter) => reporter.finish(all)));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

function createPersonReporter(specs: readonly ReporterSpec[], terminal: Terminal, now: () => number): Reporter {
  const isPlainAsked = specs.some(({ name }) => name === 'ci') && !specs.some(({ name }) => name === 'live');
  return terminal.isTTY && !isPlainAsked ? createLiveReporter(terminal, now) : createCiReporter(terminal, now);
}

async function finishOnGitHub(
  all: Parameters<Reporter['finish']>[0],
  terminal: Terminal,
  { appendStepSummary, folderOf }: ReporterIo,
): Promise<void> {
  terminal.write(renderAnnotations(all, folderOf));
  if (all.length > 0) await appendStepSummary?.(renderStepSummary(all));
}
