import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { readDurations } from '../adapters/durations/read-durations.js';
import type { Io } from '../cli/io.js';
import { terminalOf } from '../cli/terminal.js';
import { withServer } from '../cli/with-server.js';
import { addSuiteFlags, filesOf, onlyOne, suitesOf } from '../cli/with-suites.js';
import { ask } from '../client/lookup.js';
import type { Settings, SuiteSettings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import type { Estimate } from '../core/history/durations.js';
import { renderTable } from '../render/show.js';
import { formatDuration, plural } from '../render/wording.js';
import type { ServerConnection } from '../stack/server-connection.js';

/** `holdfast durations`: lists, exports and imports the expected durations of test files. */
export function durationsCommand(io: Io): Command {
  const command = new Command('durations').description('show, export and import the expected durations of test files');
  const list = addSuiteFlags(new Command('list').description('list expected durations, longest first (default)'));
  list.option('--json', 'print JSON').action(async ({ json }: { readonly json?: true }) => {
    const settings = await suitesOf(io, list);
    await withServer(io, settings, async (server) => {
      const found = await estimatesOf(server, settings);
      io.stdout.write(json ? toJson(found) : found.map((expected) => toText(io, expected)).join(''));
    });
  });
  const exporting = addSuiteFlags(new Command('export').description('print expected durations as JSON, for `durations import`'));
  exporting.action(async () => {
    const settings = await suitesOf(io, exporting);
    const only = onlyOne(await withServer(io, settings, (server) => estimatesOf(server, settings)));
    const files = only.files.map(({ path: file, ms }) => ({ path: file, ms }));
    io.stdout.write(`${JSON.stringify({ schemaVersion: 1, suite: only.suite, files }, null, 2)}\n`);
  });
  const importing = addSuiteFlags(
    new Command('import').description('import durations from JUnit XML, .test_durations or an export'),
  );
  importing.argument('<file>').action(async (file: string) => {
    const settings = await suitesOf(io, importing);
    const suite = onlyOne(settings.suites);
    const text = await readFile(path.resolve(io.cwd, file), 'utf8').catch(() => {
      throw new RunnerError('FILE_MISSING', `There is no file ${file}.`);
    });
    await importInto(io, settings, suite, readDurations(text, file));
  });
  return command.addCommand(list, { isDefault: true }).addCommand(exporting).addCommand(importing);
}

type Expected = { readonly suite: string; readonly files: readonly (Estimate & { readonly path: string })[] };

async function estimatesOf({ client, queues }: ServerConnection, { suites }: Settings): Promise<readonly Expected[]> {
  return Promise.all(
    suites.map(async ({ name }) => {
      const { estimates } = await ask(client, queues, { kind: 'durations', suite: name });
      const files = Object.entries(estimates).map(([file, expected]) => ({ path: file, ...expected }));
      return { suite: name, files: files.sort((a, b) => b.ms - a.ms || (a.path < b.path ? -1 : 1)) };
    }),
  );
}

function toJson(found: readonly Expected[]): string {
  return `${JSON.stringify({ schemaVersion: 1, suites: found }, null, 2)}\n`;
}

function toText(io: Io, { suite, files }: Expected): string {
  if (files.length === 0) return `${suite}: nothing recorded yet\n`;
  const rows = files.map(({ path: file, ms, spreadMs, slowestMs, samples }) => [
    file,
    formatDuration(ms),
    `± ${formatDuration(spreadMs)}`,
    formatDuration(slowestMs),
    plural(samples, 'attempt'),
  ]);
  return `${suite}\n${renderTable(['file', 'expected', 'spread', 'slowest', 'rests on'], rows, terminalOf(io.stdout, io.env))}`;
}

/** Imports the durations of the suite's own files and skips all others. Throws NO_MATCH if there are none. */
async function importInto(
  io: Io,
  settings: Settings,
  suite: SuiteSettings,
  durations: Readonly<Record<string, number>>,
): Promise<void> {
  const { name, framework, selection } = suite;
  const known = new Set(await filesOf(io, settings, suite, { ...selection, only: [] }));
  const ours = Object.fromEntries(
    Object.entries(durations).flatMap(([file, ms]) => {
      const inside = [file, path.posix.relative(framework.cwd, file)].find((candidate) => known.has(candidate));
      return inside === undefined ? [] : [[inside, ms]];
    }),
  );
  const foreign = Object.keys(durations).length - Object.keys(ours).length;
  if (Object.keys(ours).length === 0)
    throw new RunnerError('NO_MATCH', `None of these ${foreign} paths is a test file of ${name}.`);
  await withServer(io, settings, ({ client, queues }) =>
    ask(client, queues, { kind: 'importDurations', suite: name, durations: ours }),
  );
  const skipped = foreign === 0 ? '' : `; skipped ${plural(foreign, 'path')}, no test file of ${name}`;
  io.stdout.write(`${name}: imported ${plural(Object.keys(ours).length, 'duration')}${skipped}\n`);
}
