import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { RunnerError } from '../core/errors.js';
import { attachCommand } from './attach.js';
import { cancelCommand } from './cancel.js';
import { configCommand } from './config.js';
import { controlCommand } from './control.js';
import { devCommand } from './dev.js';
import { initCommand } from './init.js';
import type { Io } from './io.js';
import { listCommand } from './list.js';
import { runCommand } from './run.js';
import { showCommand } from './show.js';
import { workerCommand } from './worker.js';
import { workersCommand } from './workers.js';

const EPILOGUE = `
RUN is <run id> or <suite>/<run id>; without it the runs started last in this folder are meant.
Exit codes: 0 green, 1 tests failed, 2 usage or configuration, 3 incomplete or infrastructure, 4 no tests found, 130 cancelled.
`;

/** Reads a command line and does what it says. Throws RunnerError for one that says nothing Holdfast knows. */
export async function main(io: Io, argv: readonly string[]): Promise<void> {
  const program = new Command('holdfast')
    .description('A distributed test runner that does not let go: any test suite, through Temporal, to a verdict.')
    .version(versionOf())
    .addHelpText('after', EPILOGUE)
    .showSuggestionAfterError();
  const commands = [
    runCommand(io),
    attachCommand(io),
    showCommand(io),
    listCommand(io),
    cancelCommand(io),
    workersCommand(io),
    devCommand(io),
    workerCommand(io),
    controlCommand(io),
    configCommand(io),
    initCommand(io),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: () => undefined, // Told as one sentence below.
    });
  }
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new RunnerError('USAGE', sentenceOf(error.message), { cause: error });
  }
}

/** Commander: `error: unknown option '--x'\n(Did you mean --y?)`. */
function sentenceOf(message: string): string {
  const text = message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .trim();
  if (text === '(outputHelp)') return 'A command is needed.';
  return /[.?)]$/.test(text) ? text : `${text}.`;
}

function versionOf(): string {
  const manifest: unknown = createRequire(import.meta.url)('../../package.json');
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
}
