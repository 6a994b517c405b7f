import { Command } from 'commander';
import type { Io } from '../cli/io.js';
import { addRunFlags, readFlags } from '../cli/run-flags.js';
import { loadProject, loadSettings } from '../config/load-settings.js';
import type { ProjectSettings, ShownSetting } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import { detectFramework } from '../frameworks/detect.js';

/** `holdfast config`: prints each setting in effect and its origin, with secrets masked. Takes the flags of `run` to show their effect. */
export function configCommand(io: Io): Command {
  const command = new Command('config').description('print every setting in effect and where it comes from');
  return addRunFlags(command)
    .option('--json', 'print JSON')
    .action(async () => {
      const invocation = { flags: readFlags(command), env: io.env, cwd: io.cwd };
      const project = await loadProject(invocation);
      const { settings, problem } = await loadSettings(invocation, { detectFramework, suites: 'all' }).then(
        (settings) => ({ settings, problem: null }),
        (error: unknown) => {
          if (!(error instanceof RunnerError) || error.code !== 'FRAMEWORK_UNKNOWN') throw error;
          return { settings: project, problem: error };
        },
      );
      io.stdout.write(command.opts<{ json?: true }>().json ? toJson(settings) : toText(settings));
      if (problem !== null) throw problem; // After printing the project's settings.
    });
}

function toJson({ projectRoot, configFile, origins }: ProjectSettings): string {
  return `${JSON.stringify({ projectRoot, configFile, settings: origins }, null, 2)}\n`;
}

function toText({ projectRoot, configFile, origins }: ProjectSettings): string {
  const rows = origins.map(({ key, value, ...from }) => [key, showValue(value), showOrigin(from)] as const);
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [keyWidth, valueWidth] = [width(0), Math.min(width(1), WIDEST_VALUE)];
  const lines = rows.map(([key, value, origin]) => `${key.padEnd(keyWidth)}  ${value.padEnd(valueWidth)}  ${origin}`.trimEnd());
  return `${[`project  ${projectRoot}`, `file     ${configFile ?? 'none'}`, '', ...lines].join('\n')}\n`;
}

/** Width limit of the value column. A longer value only shifts its own line. */
const WIDEST_VALUE = 40;

const showValue = (value: unknown) => (value === null ? '-' : typeof value === 'string' ? value : JSON.stringify(value));

const showOrigin = ({ origin, detail }: Pick<ShownSetting, 'origin' | 'detail'>) =>
  detail === '' ? origin : `${origin}: ${detail}`;
