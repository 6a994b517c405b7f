import { RunnerError } from '../core/errors.js';
import type { ReporterSpec } from '../core/model/reporter-spec.js';
import type { Terminal } from '../render/terminal.js';
import { createCiReporter } from './ci.js';
import { type FolderOf, renderAnnotations } from './github.js';
import { toJson } from './json.js';
import { toJUnit } from './junit.js';
import { createLiveReporter } from './live.js';
import type { Reporter } from './reporter.js';
import { renderStepSummary } from './step-summary.js';

export { parseReporter, REPORTERS, type ReporterName, type ReporterSpec } from '../core/model/reporter-spec.js';
export { exitCodeOfAll } from '../render/exit-code.js';
export type { RunningFile, RunView } from '../render/run-view.js';
export { renderList, renderShow, renderTable, type ShowOptions } from '../render/show.js';
export { renderStanding } from '../render/standing.js';
export type { Terminal } from '../render/terminal.js';
export type { Reporter } from './reporter.js';

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
