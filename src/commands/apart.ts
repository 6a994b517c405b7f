import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { terminalOf } from '../cli/terminal.js';
import { withServer } from '../cli/with-server.js';
import { addSuiteFlags, onlyOne, suitesOf } from '../cli/with-suites.js';
import { ask } from '../client/lookup.js';
import { RunnerError } from '../core/errors.js';
import type { KeptApart } from '../core/model/company.js';
import { renderTable } from '../render/show.js';
import { momentOf, plural } from '../render/wording.js';

/** `holdfast apart`: lists the files that are kept apart because they collided with others, and forgets them. */
export function apartCommand(io: Io): Command {
  const command = new Command('apart').description(
    'list and forget the files that run by themselves, as they collided with others',
  );
  const list = addSuiteFlags(new Command('list').description('list the files that are kept apart (default)'));
  list.option('--json', 'print JSON').action(async ({ json }: { readonly json?: true }) => {
    const settings = await suitesOf(io, list);
    await withServer(io, settings, async ({ client, queues }) => {
      const found = await Promise.all(
        settings.suites.map(async ({ name: suite }) => ({ suite, ...(await ask(client, queues, { kind: 'apart', suite })) })),
      );
      if (json) io.stdout.write(toJson(found));
      else for (const { suite, files } of found) io.stdout.write(toText(io, suite, files));
    });
  });
  const forget = addSuiteFlags(
    new Command('forget').description('run files beside others again: those named, or all of the suite'),
  );
  forget.argument('[files...]', 'paths of test files, relative to the folder of their suite').action(async (files: string[]) => {
    const settings = await suitesOf(io, forget);
    const { name: suite } = onlyOne(settings.suites);
    const paths = files.length === 0 ? null : files;
    const { forgotten } = await withServer(io, settings, ({ client, queues }) =>
      ask(client, queues, { kind: 'forgetApart', suite, paths }),
    );
    const missing = files.filter((file) => !forgotten.includes(file));
    if (missing.length > 0) throw new RunnerError('FILE_MISSING', `${missing.join(', ')}: not kept apart in ${suite}.`);
    io.stdout.write(`${suite}: ${plural(forgotten.length, 'file')} no longer kept apart\n`);
  });
  return command.addCommand(list, { isDefault: true }).addCommand(forget);
}

type Found = { readonly suite: string; readonly files: readonly KeptApart[] };

function toJson(found: readonly Found[]): string {
  const suites = found.map(({ suite, files }) => ({
    suite,
    files: files.map(({ sinceMs, ...file }) => ({ ...file, since: new Date(sinceMs).toISOString() })),
  }));
  return `${JSON.stringify({ schemaVersion: 1, suites }, null, 2)}\n`;
}

function toText(io: Io, suite: string, files: readonly KeptApart[]): string {
  if (files.length === 0) return `${suite}: no file is kept apart\n`;
  const rows = files.map(({ path, seen, sinceMs }) => [path, momentOf(sinceMs), seen]);
  return `${suite}\n${renderTable(['file', 'since', 'what was seen'], rows, terminalOf(io.stdout, io.env))}`;
}
