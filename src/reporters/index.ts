import { RunnerError } from '../core/errors.js';
import type { Terminal } from '../render/terminal.js';
import type { FolderOf } from './github.js';
import { REPORTERS, type ReporterSpec } from './registry.js';
import type { Reporter } from './reporter.js';

export { parseReporter, REPORTER_WORDS, REPORTERS, type ReporterName, type ReporterSpec } from './registry.js';
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
 * All requested reporters, as one. A person is always shown something: without `live` or `ci` it is `live` on a terminal and `ci` elsewhere,
 * on standard error when standard output holds a report. Throws USAGE when two reports would share standard output.
 * `finish` finishes every reporter, then throws the first error there was.
 */
export async function createReporters(specs: readonly ReporterSpec[], io: ReporterIo): Promise<Reporter> {
  const toStdout = specs.filter(({ path }) => path === '-');
  if (toStdout.length > 1) throw new RunnerError('USAGE', 'Only one report can go to standard output.');
  const terminal = toStdout.length > 0 ? io.stderr : io.stdout;
  const createView = await REPORTERS[viewFor(specs, terminal)].load();
  const view = createView(terminal, io.now);
  const reports = await Promise.all(specs.flatMap((spec) => createReport(spec, terminal, io) ?? []));
  return {
    update: (runs) => view.update(runs),
    note: (text) => view.note(text),
    // The person's summary first: it stands even when a report cannot be written.
    finish: async (all) => {
      const ends = await Promise.allSettled([view, ...reports].map(async (reporter) => reporter.finish(all)));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

/** Redraws only where that can be seen. */
function viewFor(specs: readonly ReporterSpec[], terminal: Terminal): 'live' | 'ci' {
  const isPlainRequested = specs.some(({ name }) => name === 'ci') && !specs.some(({ name }) => name === 'live');
  return terminal.isTTY && !isPlainRequested ? 'live' : 'ci';
}

/** What is written at the end; null for a view, of which there is one for all. */
function createReport(
  { name, path }: ReporterSpec,
  terminal: Terminal,
  io: ReporterIo,
): Promise<Pick<Reporter, 'finish'>> | null {
  const reporter = REPORTERS[name];
  switch (reporter.kind) {
    case 'view':
      return null;
    case 'file':
      return reporter.load().then((render) => ({
        // A report of nothing would be read as green.
        finish: (all) => (all.length === 0 ? undefined : writeReport(path ?? '-', render(all), io)),
      }));
    case 'annotations':
      return reporter.load().then((render) => ({
        finish: async (all) => {
          const { log, summary } = render(all, io.folderOf);
          terminal.write(log);
          if (summary !== null) await io.appendStepSummary?.(summary);
        },
      }));
  }
}

function writeReport(path: string, text: string, { stdout, writeFile }: ReporterIo): void | Promise<void> {
  return path === '-' ? stdout.write(text) : writeFile(path, text);
}
