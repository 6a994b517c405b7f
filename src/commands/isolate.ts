import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { withServer } from '../cli/with-server.js';
import { addSuiteFlags, filesOf, onlyOne, suitesOf } from '../cli/with-suites.js';
import { readReport } from '../client/report.js';
import { startSuite } from '../client/start.js';
import type { Settings, SuiteSettings } from '../config/settings.js';
import { toSuiteInput } from '../config/suite-input.js';
import { DEFAULTS } from '../core/defaults.js';
import { EXIT, RunnerError } from '../core/errors.js';
import { type IsGreenAfter, type Isolated, isolate } from '../core/history/isolate.js';
import { factsOf } from '../core/model/frameworks.js';
import { runIdFrom } from '../core/model/run-id.js';
import { plural } from '../render/wording.js';
import type { ServerConnection } from '../stack/server-connection.js';

/** `holdfast isolate`: finds which of the files before it a file needs, by running it after some of them in one process. */
export function isolateCommand(io: Io): Command {
  const command = addSuiteFlags(new Command('isolate').description('find the files that a file needs before it in its process'))
    .argument('<file>', 'path of the test file, relative to the folder of its suite')
    .option('--json', 'print JSON');
  return command.action(async (file: string, { json }: { readonly json?: true }) => {
    const settings = await suitesOf(io, command);
    const suite = onlyOne(settings.suites);
    const before = await filesBefore(io, settings, suite, file);
    const found = await withServer(io, settings, (server) => search(before, probe(io, { server, settings, suite, file })));
    if (json) io.stdout.write(`${JSON.stringify({ schemaVersion: 1, suite: suite.name, file, ...found }, null, 2)}\n`);
    else io.stdout.write(`${sentences(file, before.length, found)}\n`);
    io.setExitCode(found.kind === 'red' ? EXIT.testsFailed : EXIT.ok);
  });
}

/** The file is green by itself; or red after all files before it, too; or it needs some of them. */
type Found = { readonly kind: 'green' } | { readonly kind: 'red' } | ({ readonly kind: 'needs' } & Isolated);

async function search(before: readonly string[], isGreenAfter: IsGreenAfter): Promise<Found> {
  if (await isGreenAfter([])) return { kind: 'green' };
  if (before.length === 0 || !(await isGreenAfter(before))) return { kind: 'red' };
  return { kind: 'needs', ...(await isolate(before, isGreenAfter, DEFAULTS.isolateRuns)) };
}

function sentences(file: string, count: number, found: Found): string {
  if (found.kind === 'green') return `${file} is green by itself: it needs no file before it.`;
  if (found.kind === 'red') return `${file} is red by itself, and after the ${plural(count, 'file')} before it as well.`;
  const { files, isLeast, runs } = found;
  const which = isLeast ? 'needs' : 'needs some of';
  return [
    `${file} ${which} ${plural(files.length, 'file')} before it, found with ${plural(runs, 'run')}:`,
    ...files.map((one) => `  ${one}`),
    'A rule of the suite keeps them together:',
    `  ${JSON.stringify({ files: file, needs: files })}`,
  ].join('\n');
}

/** The files that the framework's own command runs before this one. Throws USAGE if it runs each file in its own process. */
async function filesBefore(io: Io, settings: Settings, suite: SuiteSettings, file: string): Promise<readonly string[]> {
  const { framework, selection } = suite;
  if (!factsOf(framework.name).company)
    throw new RunnerError('USAGE', `${framework.name} does not run several files in one process, so none needs another.`);
  const files = await filesOf(io, settings, suite, { ...selection, only: [] });
  if (!files.includes(file)) throw new RunnerError('FILE_MISSING', `${file} is no test file of ${suite.name}.`);
  return files.slice(0, files.indexOf(file));
}

type Probe = {
  readonly server: ServerConnection;
  readonly settings: Settings;
  readonly suite: SuiteSettings;
  readonly file: string;
};

/** A run of the file alone in its suite, on otherwise idle slots, with a rule that puts the others before it. */
function probe(io: Io, { server, settings, suite, file }: Probe): IsGreenAfter {
  return async (files) => {
    io.stderr.write(`after ${plural(files.length, 'file')} …\n`);
    const identity = { runId: runIdFrom(io.now(), io.random()), ciAttempt: 1, previousRunId: null, commit: null };
    const input = toSuiteInput(settings, suite, identity);
    const { run } = await startSuite(
      server,
      {
        ...input,
        queues: server.queues,
        isBackground: true,
        repeatEach: 1,
        repeatNew: 1,
        selection: { ...input.selection, only: [file] },
        budget: { ...input.budget, maxAttempts: 1 },
        rules: [{ files: '**', needs: files }, ...(input.rules ?? [])],
        speculation: false,
        secondLook: false,
        maxFailures: null,
      },
      { isRegistered: await server.isRegistered() },
    );
    const { totals } = await readReport(settings.objects, server, await run.result());
    return totals.passed === 1;
  };
}
