import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { packageFile } from './adapters/package-file.js';
import { printError } from './cli/exit.js';
import type { Io } from './cli/io.js';
import { usageErrorOf } from './cli/usage-error.js';

const EPILOGUE = `
RUN is <run id> or <suite>/<run id>. Without it, a command means the runs started last in this folder.
Each flag has a variable: --retry-when is HOLDFAST_RETRY_WHEN. Durations are 250ms, 30s, 5m or 1h.
Exit codes: 0 green, 1 tests failed, 2 usage or configuration, 3 incomplete or infrastructure, 4 no tests found, 130 cancelled.
`;

/** One module per command, loaded on demand: a worker's libraries take longer to load than most commands take to run. */
const COMMANDS: Readonly<Record<string, (io: Io) => Promise<Command>>> = {
  run: async (io) => (await import('./commands/run.js')).runCommand(io),
  attach: async (io) => (await import('./commands/attach.js')).attachCommand(io),
  show: async (io) => (await import('./commands/show.js')).showCommand(io),
  list: async (io) => (await import('./commands/list.js')).listCommand(io),
  cancel: async (io) => (await import('./commands/cancel.js')).cancelCommand(io),
  ctl: async (io) => (await import('./commands/ctl.js')).ctlCommand(io),
  coverage: async (io) => (await import('./commands/coverage.js')).coverageCommand(io),
  rerun: async (io) => (await import('./commands/rerun.js')).rerunCommand(io),
  diff: async (io) => (await import('./commands/diff.js')).diffCommand(io),
  durations: async (io) => (await import('./commands/durations.js')).durationsCommand(io),
  flaky: async (io) => (await import('./commands/flaky.js')).flakyCommand(io),
  apart: async (io) => (await import('./commands/apart.js')).apartCommand(io),
  isolate: async (io) => (await import('./commands/isolate.js')).isolateCommand(io),
  history: async (io) => (await import('./commands/history.js')).historyCommand(io),
  quarantine: async (io) => (await import('./commands/quarantine.js')).quarantineCommand(io),
  simulate: async (io) => (await import('./commands/simulate.js')).simulateCommand(io),
  workers: async (io) => (await import('./commands/workers.js')).workersCommand(io),
  stats: async (io) => (await import('./commands/stats.js')).statsCommand(io),
  stop: async (io) => (await import('./commands/stop.js')).stopCommand(io),
  reset: async (io) => (await import('./commands/reset.js')).resetCommand(io),
  dev: async (io) => (await import('./commands/dev.js')).devCommand(io),
  worker: async (io) => (await import('./commands/worker.js')).workerCommand(io),
  control: async (io) => (await import('./commands/control.js')).controlCommand(io),
  chaos: async (io) => (await import('./commands/chaos.js')).chaosCommand(io),
  schedule: async (io) => (await import('./commands/schedule.js')).scheduleCommand(io),
  config: async (io) => (await import('./commands/config.js')).configCommand(io),
  doctor: async (io) => (await import('./commands/doctor.js')).doctorCommand(io),
  init: async (io) => (await import('./commands/init.js')).initCommand(io),
};

/** Runs a command line (`argv` as in `process.argv`). Never throws: errors are printed and set the exit code. */
export async function main(io: Io, argv: readonly string[]): Promise<void> {
  try {
    await execute(io, argv);
  } catch (error) {
    printError(io, error);
  }
}

/** Throws USAGE for an invalid command line. */
async function execute(io: Io, argv: readonly string[]): Promise<void> {
  const program = new Command('holdfast')
    .description('A distributed test runner that survives lost machines: it runs a test suite as a Temporal workflow.')
    .version(versionOf())
    .addHelpText('after', EPILOGUE)
    .showSuggestionAfterError();
  const [, , word = ''] = argv;
  const loader = COMMANDS[word];
  const loaders = loader ? [loader] : word === '--version' ? [] : Object.values(COMMANDS);
  const commands = await Promise.all(loaders.map((load) => load(io)));
  for (const command of commands) program.addCommand(command);
  for (const command of withSubcommands(program)) {
    command.exitOverride((error) => {
      throw error.exitCode === 0 ? error : usageErrorOf(error, command);
    });
    command.configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: () => undefined, // `printError` prints it as one sentence.
    });
  }
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error; // Help or the version was printed.
  }
}

/** All commands of a tree: commander does not pass these settings on to commands added by `addCommand`. */
function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function versionOf(): string {
  const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
}
