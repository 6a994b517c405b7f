import { RunnerError } from '../core/errors.js';
import type { Terminal } from '../render/terminal.js';
import type { FolderOf } from './github.js';
import { REPORTERS, type ReporterSpec } from './registry.js';
import type { Reporter } from './reporter.js';

export { parseReporter, REPORTER_WORDS, REPORTERS, type ReporterName, type ReporterSpec } from './registry.js';
export type { Reporter } from './reporter.js';

/** What reporters write to. */
export type ReporterIo = {
  readonly stdout: Terminal;
  /** Gets the text for people when a report goes to stdout. */
  readonly stderr: Terminal;
  /** A clock in ms; only differences matter. */
  now(): number;
  writeFile(path: string, text: string): void | Promise<void>;
  /** Appends to GitHub's step summary; null outside of GitHub Actions. */
  readonly appendStepSummary: ((text: string) => void | Promise<void>) | null;
  readonly folderOf: FolderOf;
};

/**
 * Combines the requested reporters into one. Without `live` or `ci`, text for people comes from `live` on a terminal and from `ci`
 * elsewhere; it goes to stderr when stdout has a report. Throws USAGE if two reports would share stdout.
 * `finish` finishes every reporter, then throws the first error.
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
    // The summary for people comes first, so that it appears even when a report cannot be written.
    finish: async (all) => {
      const ends = await Promise.allSettled([view, ...reports].map(async (reporter) => reporter.finish(all)));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

/** Chooses the view for people: `live` only on a terminal, and not if just `ci` was requested. */
function viewFor(specs: readonly ReporterSpec[], terminal: Terminal): 'live' | 'ci' {
  const isPlainRequested = specs.some(({ name }) => name === 'ci') && !specs.some(({ name }) => name === 'live');
  return terminal.isTTY && !isPlainRequested ? 'live' : 'ci';
}

/** Creates a reporter that writes at the end; null for a view, which is created once for all. */
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
        // An empty report would look green.
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
