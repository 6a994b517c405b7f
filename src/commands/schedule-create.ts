import { Command } from 'commander';
import { checkFrameworks } from '../cli/check-frameworks.js';
import { canMergeCoverage } from '../cli/coverage.js';
import type { Io } from '../cli/io.js';
import { OptionFlag } from '../cli/option-flag.js';
import { addProjectFlags } from '../cli/project-flags.js';
import { readFlags } from '../cli/run-flags.js';
import { isScheduleName, isTimezone, nextTime } from '../cli/schedule-words.js';
import { withSchedules } from '../cli/with-schedules.js';
import { loadSettings } from '../config/load-settings.js';
import { RUN_OPTIONS } from '../config/run-options.js';
import type { Settings, SuiteSettings } from '../config/settings.js';
import { toSuiteInput } from '../config/suite-input.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import { detectFramework } from '../frameworks/index.js';
import { checkSelection } from '../selection/check-selection.js';

type CreateFlags = { readonly cron: string; readonly timezone: string };

/** `holdfast schedule create`: validates like `run`, and freezes the suite as currently configured. */
export function createCommand(io: Io): Command {
  const command = addProjectFlags(new Command('create').description('run a suite at the times of a cron expression'))
    .argument('<NAME>', 'name of the schedule; its runs are called NAME-<time>')
    .requiredOption('--cron <expression>', 'times: minute, hour, day of month, month, day of week')
    .option('--timezone <name>', 'timezone of these times, such as Europe/Berlin', DEFAULTS.timezone)
    .addOption(new OptionFlag('suite', RUN_OPTIONS.suite))
    .addOption(new OptionFlag('owner', RUN_OPTIONS.owner));
  return command.action(async (name: string, { cron, timezone }: CreateFlags) => {
    if (!isScheduleName(name)) {
      const wanted = 'letters, digits, ".", "_" and "-" (at most 100, the first a letter, digit or "_")';
      throw new RunnerError('USAGE', `The name of a schedule must be ${wanted}, not ${JSON.stringify(name)}.`);
    }
    if (!isTimezone(timezone)) {
      throw new RunnerError('USAGE', `--timezone must be a name such as Europe/Berlin or UTC, not ${JSON.stringify(timezone)}.`);
    }
    const flags = { ...readFlags(command), paths: [] };
    const invocation = { flags, env: io.env, cwd: io.cwd };
    const settings = await checkSelection(await loadSettings(invocation, { detectFramework }), io);
    const suite = onlySuite(settings);
    await checkFrameworks(settings, io.env);
    const mergesCoverage = canMergeCoverage(suite); // By `holdfast coverage`.
    const identity = { runId: name, ciAttempt: 1, previousRunId: null, commit: null, mergesCoverage }; // Each run resolves its own commit.
    const input = toSuiteInput(settings, suite, identity);
    await withSchedules(io, settings, async (schedules, { isEmbedded }) => {
      const schedule = await schedules.create({ name, cron, timezone, input });
      io.stdout.write(`Created ${name}: suite ${suite.name} at "${cron}" (${timezone}), next ${nextTime(schedule)}.\n`);
      if (isEmbedded) io.stdout.write('It fires only while the stack of this folder is up: keep `holdfast dev` running.\n');
    });
  });
}

function onlySuite({ suites }: Settings): SuiteSettings {
  const [suite, ...more] = suites;
  if (suite !== undefined && more.length === 0) return suite;
  throw new RunnerError(
    'SUITE_UNKNOWN',
    `A schedule runs one suite; choose one of ${suites.map(({ name }) => name).join(', ')}.`,
  );
}
