import { Command } from 'commander';
import { findRuns } from '../cli/find-runs.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { withLazyServer } from '../cli/with-server.js';
import { readReportOf } from '../client/report.js';
import { EXIT, RunnerError } from '../core/errors.js';
import { compareRuns } from '../core/history/compare.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { renderComparison } from '../render/comparison.js';

/** `holdfast diff A B`: compares two runs file by file. Exits with 1 if a file fails that did not before. */
export function diffCommand(io: Io): Command {
  const command = addProjectFlags(
    new Command('diff').description('compare two runs, file by file; exits with 1 if a file fails that did not before'),
  )
    .argument('<before>', 'RUN')
    .argument('<after>', 'RUN')
    .option('--json', 'print JSON');
  return command.action(async (before: string, after: string, { json }: { readonly json?: true }) => {
    const settings = await projectOf(io, command);
    await withLazyServer(io, settings, async (open) => {
      const read = async (name: string): Promise<SuiteReport> => {
        const [run, ...others] = await findRuns(name, settings, open);
        if (run === undefined || others.length > 0)
          throw new RunnerError('USAGE', `${name} matches several runs; name one as <suite>/<run id>.`);
        return readReportOf(run, settings.objects, open);
      };
      const comparison = compareRuns(await read(before), await read(after));
      io.stdout.write(
        json
          ? `${JSON.stringify({ schemaVersion: 1, ...comparison }, null, 2)}\n`
          : renderComparison(comparison, terminalOf(io.stdout, io.env)),
      );
      io.setExitCode(comparison.newFailures.length > 0 ? EXIT.testsFailed : EXIT.ok);
    });
  });
}
