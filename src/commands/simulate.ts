import { Command } from 'commander';
import { findRuns } from '../cli/find-runs.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags } from '../cli/project-flags.js';
import { readRunFlags } from '../cli/run-flags.js';
import { terminalOf } from '../cli/terminal.js';
import { withLazyServer } from '../cli/with-server.js';
import { readReportOf } from '../client/report.js';
import { NO_FLAGS } from '../config/flags.js';
import { loadProject } from '../config/load-settings.js';
import { toMs } from '../config/parse.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import { type ReplayedFile, type SimulatedFleet, simulate } from '../core/history/simulate.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { keyOf, planOrder } from '../core/plan/order.js';
import { seededRandom } from '../core/plan/random.js';
import { renderTable } from '../render/show.js';
import { formatDuration, percent } from '../render/wording.js';

type SimulateFlags = {
  readonly workers: readonly number[];
  readonly slots: number;
  readonly preemptEvery?: number;
  readonly price?: number;
  readonly seed: number;
  readonly json?: true;
};

/** `holdfast simulate`: how a finished run would have gone on another fleet, by its own durations and the planner's order. */
export function simulateCommand(io: Io): Command {
  const command = addProjectFlags(new Command('simulate').description('replay the durations of a finished run on other fleets'))
    .argument('[RUN]', 'the run started last here, when not given')
    .option('--workers <list>', 'numbers of workers, such as 2,4,8', toCounts, [1, 2, 4, 8])
    .option('--slots <n>', 'slots of each worker', toOne, 1)
    .option('--preempt-every <duration>', 'mean time until a worker is taken away', toDuration)
    .option('--price <amount>', 'of a worker for an hour', toPrice)
    .option('--seed <n>', 'of the moments when workers are taken away', toOne, 1)
    .option('--json', 'print it for programs');
  return command.action(async (name: string | undefined, flags: SimulateFlags) => {
    const { config = [] } = readRunFlags(command).values; // The number of workers is of another fleet.
    const said = config.length > 0 ? { ...NO_FLAGS, values: { config } } : NO_FLAGS;
    const settings = await loadProject({ flags: said, env: io.env, cwd: io.cwd });
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

function resultsOf(report: SuiteReport, { workers, slots, preemptEvery, seed }: SimulateFlags): Result[] {
  const files = replayed(report);
  if (files.length === 0) throw new RunnerError('NO_MATCH', 'No file of this run has a duration.');
  return workers.map((count) => {
    const fleet: SimulatedFleet = {
      workers: count,
      slotsOfEach: slots,
      preemptEveryMs: preemptEvery ?? null,
      replaceMs: DEFAULTS.chaos.respawnMs,
    };
    return { workers: count, ...simulate(files, fleet, seededRandom(seed)) };
  });
}

/** In the order that the planner gives them, by what was expected of each; what they took is what their last attempt took, in each of its parts. */
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
  return `${run}\n${renderTable(['workers', 'makespan', 'idle', 'taken away', 'cost'], rows, terminalOf(io.stdout, io.env))}`;
}

const refuse = (wanted: string, word: string) => new RunnerError('USAGE', `It must be ${wanted}, not ${JSON.stringify(word)}.`);

function toOne(word: string): number {
  const value = Number(word);
  if (!/^\d+$/.test(word) || value < 1 || value > DEFAULTS.largestCount)
    throw refuse(`a whole number from 1 to ${DEFAULTS.largestCount}`, word);
  return value;
}

const toCounts = (word: string): readonly number[] => word.split(',').map((part) => toOne(part.trim()));

function toDuration(word: string): number {
  const ms = toMs(word);
  if (!(ms >= 1_000)) throw refuse('a duration from 1s, such as 10m', word);
  return ms;
}

function toPrice(word: string): number {
  const price = Number(word);
  if (word === '' || !(price >= 0)) throw refuse('a number from 0', word);
  return price;
}
