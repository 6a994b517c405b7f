import { Command } from 'commander';
import { findRuns } from '../cli/find-runs.js';
import type { Io } from '../cli/io.js';
import { addRunOptions, readFlags } from '../cli/run-flags.js';
import { withLazyServer } from '../cli/with-server.js';
import { filesOf } from '../cli/with-suites.js';
import { readReportOf } from '../client/report.js';
import type { Flags } from '../config/invocation.js';
import { loadProject, loadSettings } from '../config/load-settings.js';
import type { Settings, SuiteSettings } from '../config/settings.js';
import { EXIT } from '../core/errors.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { detectFramework } from '../frameworks/index.js';
import { run } from './run.js';

/** `holdfast rerun`: runs again what was not green in a run. The verdict covers both runs together. */
export function rerunCommand(io: Io): Command {
  const command = addRunOptions(
    new Command('rerun').description('run the red and unfinished files of a run again, and new files'),
  )
    .argument('[RUN]', 'the runs started last here, if not given')
    .option('--failed', 'files that failed or have no verdict of their tests, and new files (default)');
  return command.action(async (name: string | undefined) => {
    const flags = { ...readFlags(command), paths: [] };
    const reports = await reportsOf(io, flags, name);
    const suites = [...reports.keys()];
    const settings = await loadSettings(
      { flags: { ...flags, values: { ...flags.values, suite: { flag: '--suite', words: suites } } }, env: io.env, cwd: io.cwd },
      { detectFramework },
    );
    const wanted = new Map(
      await Promise.all(
        settings.suites.map(async (suite) => [suite.name, await wantedOf(io, settings, suite, reports.get(suite.name))] as const),
      ),
    );
    const suitesToRun = settings.suites.filter(({ name: suite }) => (wanted.get(suite) ?? []).length > 0);
    if (suitesToRun.length === 0) {
      io.stdout.write('Nothing to rerun: every file is green, and none is new.\n');
      io.setExitCode(EXIT.ok);
      return;
    }
    await run(io, { ...settings, suites: suitesToRun }, (input) => {
      const previousRunId = reports.get(input.suite)?.run.id;
      return {
        ...input,
        ...(previousRunId !== undefined && { previousRunId, isRerun: true }),
        selection: { ...input.selection, files: wanted.get(input.suite) ?? [] },
      };
    });
  });
}

/** The reports of the named runs, by suite. */
async function reportsOf(io: Io, flags: Flags, name: string | undefined): Promise<ReadonlyMap<string, SuiteReport>> {
  const settings = await loadProject({ flags, env: io.env, cwd: io.cwd });
  return withLazyServer(io, settings, async (open) => {
    const names = await findRuns(name, settings, open);
    const reports = await Promise.all(names.map((run) => readReportOf(run, settings.objects, open)));
    return new Map(reports.map((report) => [report.run.suite, report]));
  });
}

const GREEN = new Set(['passed', 'flaky', 'quarantined', 'skipped']);

/**
 * Files that were not green and still exist, and new files. For code that is not on this machine, only the former, as they cannot
 * be listed.
 */
async function wantedOf(
  io: Io,
  settings: Settings,
  suite: SuiteSettings,
  report: SuiteReport | undefined,
): Promise<readonly string[]> {
  const known = new Set(report?.files.map(({ path: file }) => file));
  const red = new Set(report?.files.filter(({ verdict }) => !GREEN.has(verdict)).map(({ path: file }) => file));
  const { selection, source } = suite;
  if (source.kind === 'git') return [...red];
  const listed = await filesOf(io, settings, suite, { ...selection, only: [] });
  return listed.filter((file) => red.has(file) || !known.has(file));
}
