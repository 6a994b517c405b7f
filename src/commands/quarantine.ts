import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command, Option } from 'commander';
import { appendEntry, parseQuarantine, removeEntries } from '../adapters/repository/quarantine.js';
import { collect } from '../cli/collect.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { hasCode, RunnerError } from '../core/errors.js';
import { dayOf } from '../core/plan/day.js';
import { QUARANTINE_FILE, type QuarantineEntry } from '../core/plan/quarantine.js';
import { renderTable } from '../render/show.js';
import { plural } from '../render/wording.js';

type AddFlags = {
  readonly reason: string;
  readonly expires: string;
  readonly owner?: string;
  readonly case?: string;
  readonly onlyIn: readonly string[];
};

/** `holdfast quarantine`: lists and edits the tests whose failures do not count. Only people add entries, never Holdfast itself. */
export function quarantineCommand(io: Io): Command {
  const command = new Command('quarantine').description(`list and change ${QUARANTINE_FILE}, whose tests cannot fail a run`);
  const list = addProjectFlags(new Command('list').description('list the entries (default)'));
  list.option('--json', 'print JSON').action(async ({ json }: { readonly json?: true }) => {
    const { text } = await open(io, list);
    const entries = parseQuarantine(text);
    if (json) io.stdout.write(`${JSON.stringify({ schemaVersion: 1, entries }, null, 2)}\n`);
    else io.stdout.write(entries.length === 0 ? 'Nothing is quarantined.\n' : tableOf(io, entries));
  });
  const add = addProjectFlags(new Command('add').description('add an entry'))
    .argument('<file>', 'path or glob of test files, relative to the folder of their suite')
    .requiredOption('--reason <text>', 'why it is quarantined')
    .requiredOption('--expires <day>', 'last day of the quarantine, such as 2027-01-31')
    .option('--owner <name>', 'who is responsible for it')
    .option('--case <name>', 'only this case; * matches any characters')
    .addOption(
      new Option('--only-in <environment>', 'only in this environment; may be repeated')
        .argParser(collect)
        .default([], 'everywhere'),
    );
  add.action(async (file: string, { onlyIn, ...flags }: AddFlags) => {
    const { place, text } = await open(io, add);
    const next = appendEntry(text, { file, ...flags, ...(onlyIn.length > 0 && { environments: onlyIn }) });
    parseQuarantine(next); // Validate before writing.
    await writeFile(place, next);
    io.stdout.write(`${file} is quarantined until ${flags.expires}.\n`);
  });
  const prune = addProjectFlags(new Command('prune').description('remove expired entries'));
  prune.action(async () => {
    const { place, text } = await open(io, prune);
    const expired = parseQuarantine(text).filter((entry) => isExpired(entry, io));
    if (expired.length > 0) await writeFile(place, removeEntries(text, new Set(expired.map(({ line }) => line))));
    io.stdout.write(`${plural(expired.length, 'entry', 'entries')} removed.\n`);
  });
  return command.addCommand(list, { isDefault: true }).addCommand(add).addCommand(prune);
}

async function open(io: Io, command: Command): Promise<{ readonly place: string; readonly text: string }> {
  const { projectRoot } = await projectOf(io, command);
  const place = path.join(projectRoot, QUARANTINE_FILE);
  const text = await readFile(place, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return '';
    throw new RunnerError('CONFIG_UNREADABLE', `${place} cannot be read.`);
  });
  return { place, text };
}

function tableOf(io: Io, entries: readonly QuarantineEntry[]): string {
  const rows = entries.map((entry) => [
    String(entry.line),
    entry.file,
    entry.case ?? '',
    `${entry.expires}${isExpired(entry, io) ? ' (expired)' : ''}`,
    entry.owner ?? '',
    entry.environments.join(', '),
    entry.reason,
  ]);
  return renderTable(['line', 'file', 'case', 'until', 'owner', 'only in', 'reason'], rows, terminalOf(io.stdout, io.env));
}

function isExpired({ expires }: QuarantineEntry, io: Io): boolean {
  return expires < dayOf(io.now());
}
