import { Command, InvalidArgumentError } from 'commander';
import { findRuns } from '../cli/find-runs.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { withLazyServer } from '../cli/with-server.js';
import { toCount, toDuration } from '../cli/words.js';
import { readReportOf } from '../client/report.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import { type ReplayedFile, type SimulatedFleet, simulate } from '../core/history/simulate.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { keyOf, planOrder } from '../core/plan/order.js';
import { seededRandom } from '../core/plan/random.js';
import { renderTable } from '../render/show.js';
import { formatDuration, percent } from '../render/wording.js';

type SimulateFlags = {
  readonly machines: readonly number[];
  readonly slots: number;
  readonly preemptEvery?: number;
  readonly price?: number;
  readonly seed: number;
  readonly json?: true;
};

/** `holdfast simulate`: computes how a finished run would have gone on other fleets, from its durations and the planner's order. */
export function simulateCommand(io: Io): Command {
  const command = addProjectFlags(
    new Command('simulate').description('compute how long a finished run would take on other fleets'),
  )
    .argument('[RUN]', 'the run started last here, if not given')
    .option('--machines <list>', 'numbers of machines to compare, such as 2,4,8', toCounts, [1, 2, 4, 8])
    .option('--slots <n>', 'slots of each machine', toCount, 1)
    .option('--preempt-every <duration>', 'mean time until a machine is taken away', toDuration(1_000))
    .option('--price <amount>', 'price of a machine per hour', toPrice)
    .option('--seed <n>', 'seed of the preemptions', toCount, 1)
    .option('--json', 'print JSON');
  return command.action(async (name: string | undefined, flags: SimulateFlags) => {
    const settings = await projectOf(io, command);
    await withLazyServer(io, settings, async (open) => {
      for (const run of await findRuns(name, settings, open)) {
        const results = resultsOf(await readReportOf(run, settings.objects, open), flags);
        if (flags.json) io.stdout.write(`${JSON.stringify({ schemaVersion: 1, ...run, results }, null, 2)}\n`);
        else io.stdout.write(toText(io, `${run.suite}/${run.runId}`, results, flags.price));
      }
    });
  });
}

type Result = ReturnType<typeof simulate> & { readonly workers: number };

function resultsOf(report: SuiteReport, { machines, slots, preemptEvery, seed }: SimulateFlags): Result[] {
  const files = replayed(report);
  if (files.length === 0) throw new RunnerError('NO_MATCH', 'No file of this run has a duration.');
  return machines.map((count) => {
    const fleet: SimulatedFleet = {
      workers: count,
      slotsOfEach: slots,
      preemptEveryMs: preemptEvery ?? null,
      replaceMs: DEFAULTS.chaos.respawnMs,
    };
    return { workers: count, ...simulate(files, fleet, seededRandom(seed)) };
  });
}

/** The files in the planner's order by estimate, with the duration of their last attempt; one entry per part for files run in parts. */
function replayed({ files }: SuiteReport): ReplayedFile[] {
  const took = new Map(files.map((file) => [keyOf(file), file.attempts.at(-1)]));
  return planOrder(files.map(({ path, repeat, estimateMs }) => ({ path, repeat, estimateMs }))).flatMap((file) => {
    const last = took.get(keyOf(file));
    return (last?.parts ?? (last ? [last] : [])).map(({ durationMs }) => ({ file, tookMs: durationMs }));
  });
}

function toText(io: Io, run: string, results: readonly Result[], price: number | undefined): string {
  const rows = results.map(({ workers, makespanMs, idleShare, lostMs, preemptions, workerMs }) => [
    String(workers),
    formatDuration(makespanMs),
    percent(idleShare),
    preemptions === 0 ? '' : `${preemptions} (${formatDuration(lostMs)} of work)`,
    price === undefined ? '' : ((workerMs / 3_600_000) * price).toFixed(2),
  ]);
  return `${run}\n${renderTable(['machines', 'makespan', 'idle', 'taken away', 'cost'], rows, terminalOf(io.stdout, io.env))}`;
}

const toCounts = (word: string): readonly number[] => word.split(',').map((part) => toCount(part.trim()));

function toPrice(word: string): number {
  const price = Number(word);
  if (word === '' || !(price >= 0)) throw new InvalidArgumentError('a number from 0');
  return price;
}
