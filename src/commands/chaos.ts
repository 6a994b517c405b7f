import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { startChaosFleet } from '../chaos/chaos-fleet.js';
import { checkFrameworks } from '../cli/check-frameworks.js';
import type { Io } from '../cli/io.js';
import { OptionFlag } from '../cli/option-flag.js';
import { addProjectFlags } from '../cli/project-flags.js';
import { openReporting } from '../cli/reporting.js';
import { readFlags } from '../cli/run-flags.js';
import { watchToTheEnd } from '../cli/watch-to-the-end.js';
import { durationWords, toCount, toDuration } from '../cli/words.js';
import { readReport } from '../client/report.js';
import type { Run } from '../client/run.js';
import { startSuite } from '../client/start.js';
import { loadSettings } from '../config/load-settings.js';
import { RUN_OPTIONS } from '../config/run-options.js';
import type { Settings } from '../config/settings.js';
import { toSuiteInput } from '../config/suite-input.js';
import { SUITE_OPTIONS } from '../config/suite-options.js';
import { DEFAULTS } from '../core/defaults.js';
import { EXIT } from '../core/errors.js';
import { type CompletedKill, KILLS, type KillMix, parseMix, problemsOf } from '../core/fleet/chaos.js';
import { runIdFrom } from '../core/model/run-id.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { seededRandom } from '../core/plan/random.js';
import { detectFramework } from '../frameworks/index.js';
import { checkSelection } from '../selection/check-selection.js';
import { openServer, type ServerConnection } from '../stack/server-connection.js';

type ChaosFlags = {
  readonly processes: number;
  readonly every: number;
  readonly mix: KillMix;
  readonly seed?: number;
  readonly maxTime: number;
  readonly respawn: number;
};

/** `holdfast chaos`: runs suites while killing their workers, and fails if a file is lost, counted twice or blamed for a kill. */
export function chaosCommand(io: Io): Command {
  const { chaos } = DEFAULTS;
  const command = addProjectFlags(new Command('chaos').description('run suites while their own local workers are killed'))
    .argument('[paths...]', 'test files, folders or globs; the whole suite without any')
    .addOption(new OptionFlag('suite', RUN_OPTIONS.suite))
    .addOption(new OptionFlag('heartbeatTimeoutMs', SUITE_OPTIONS.heartbeatTimeoutMs))
    .option('--processes <n>', 'worker processes, with one slot each', toCount, availableParallelism())
    .addOption(
      new Option('--every <duration>', 'mean time between two kills')
        .argParser(toDuration())
        .default(chaos.everyMs, durationWords(chaos.everyMs)),
    )
    .addOption(
      new Option('--mix <weights>', 'weights of the kills: term, kill, stop (frozen past the heartbeat timeout)')
        .argParser(toMix)
        .default(chaos.mix, 'equal weights'),
    )
    .option('--seed <n>', 'seed of an earlier chaos run, to repeat its kills', toSeed)
    .addOption(
      new Option('--max-time <duration>', 'cancel the run after this')
        .argParser(toDuration())
        .default(chaos.maxTimeMs, durationWords(chaos.maxTimeMs)),
    )
    .addOption(
      new Option('--respawn <duration>', 'pause before a killed worker is replaced')
        .argParser(toDuration())
        .default(chaos.respawnMs, durationWords(chaos.respawnMs)),
    );
  return command.action(async () => {
    const flags = command.opts<ChaosFlags>();
    const id = runIdFrom(io.now(), io.random());
    const env = { ...io.env, HOLDFAST_QUEUE_PREFIX: `chaos-${io.random()}`, HOLDFAST_DATABASE_URL: undefined };
    const loaded = await loadSettings({ flags: readFlags(command), env, cwd: io.cwd }, { detectFramework });
    const folder = path.join(loaded.stateFolder, 'chaos', id);
    const settings = { ...(await checkSelection(loaded, io)), objects: path.join(folder, 'objects') };
    await checkFrameworks(settings, io.env);
    await wreak(io, settings, { ...flags, seed: flags.seed ?? io.now() % SEEDS, id, folder, env });
  });
}

type Plan = ChaosFlags & { readonly seed: number; readonly id: string; readonly folder: string; readonly env: Io['env'] };

async function wreak(io: Io, settings: Settings, plan: Plan): Promise<void> {
  const [joined, reporter] = await Promise.all([
    openServer({ settings, env: io.env }),
    openReporting(io, { specs: settings.reporters, folderOf: (name) => folderOf(settings, name) }),
  ]);
  const server: ServerConnection = { ...joined, queues: settings.queues };
  try {
    reporter.note(`chaos: seed ${plan.seed}; to repeat it: --seed ${plan.seed}`);
    await mkdir(plan.folder, { recursive: true });
    await writeFile(path.join(plan.folder, 'holdfast.config.json'), '{}\n'); // Makes the folder a project for the control worker.
    const fleet = await startChaosFleet({
      root: settings.projectRoot,
      workerFlags: settings.configFile === null ? [] : ['--config', settings.configFile],
      controlRoot: plan.folder,
      env: {
        ...plan.env,
        HOLDFAST_CONFIG: undefined,
        HOLDFAST_OBJECTS: settings.objects,
        HOLDFAST_WORKER_SLOTS: undefined,
        TEMPORAL_ADDRESS: server.address,
        HOLDFAST_KEY_FILE: server.keyFile ?? undefined,
      },
      logFile: path.join(plan.folder, 'workers.log'),
      workers: plan.processes,
      everyMs: plan.every,
      mix: plan.mix,
      respawnMs: plan.respawn,
      frozenMs: FROZEN_TIMEOUTS * Math.max(...settings.suites.map(({ heartbeatTimeoutMs }) => heartbeatTimeoutMs)),
      random: seededRandom(plan.seed),
    });
    const calm = new AbortController();
    io.onTerminate(() => void fleet.stop().then(() => io.setExitCode(EXIT.cancelled)));
    try {
      const runs = await startRuns(server, settings, plan.id);
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        calm.abort();
        reporter.note(`The maximum time of ${plan.maxTime} ms is over: the run is cancelled.`);
        for (const run of runs) void run.cancel();
      }, plan.maxTime);
      const raging = fleet.rage(calm.signal).catch((error: unknown) => {
        reporter.note(String(error));
        for (const run of runs) void run.cancel();
      });
      await watchToTheEnd(io, server, { runs, reporter, objects: settings.objects });
      clearTimeout(timer);
      calm.abort();
      await raging;
      const reports = (await areOver(runs))
        ? await Promise.all(runs.map(async (run) => readReport(settings.objects, server, await run.result())))
        : [];
      if (isLate) io.setExitCode(EXIT.incomplete);
      printBalance(io, reports, fleet.strikes);
    } finally {
      await fleet.stop();
    }
  } finally {
    await joined.leave();
  }
}

async function startRuns(server: ServerConnection, settings: Settings, id: string): Promise<readonly Run[]> {
  const isRegistered = await server.isRegistered();
  const identity = { runId: id, ciAttempt: 1, previousRunId: null, commit: null };
  const inputs = settings.suites.map((suite) => toSuiteInput(settings, suite, identity));
  return Promise.all(inputs.map(async (input) => (await startSuite(server, input, { isRegistered })).run));
}

/** False if a second Ctrl-C left the runs running; their workers are about to be stopped. */
async function areOver(runs: readonly Run[]): Promise<boolean> {
  return !(await Promise.all(runs.map((run) => run.isRunning()))).some(Boolean);
}

/** Prints the kills, the losses and what is wrong with the reports; sets the exit code if anything is. */
function printBalance(io: Io, reports: readonly SuiteReport[], strikes: readonly CompletedKill[]): void {
  const kills = KILLS.map((kill) => `${kill} ${strikes.filter((strike) => strike.kill === kill).length}`).join(', ');
  const causes = reports.flatMap(({ files }) => files.flatMap(({ losses }) => losses.map(({ cause }) => cause)));
  const losses = [...new Set(causes)].map((cause) => `${cause} ${causes.filter((other) => other === cause).length}`).join(', ');
  io.stdout.write(`chaos: ${strikes.length} kills (${kills}); attempts lost: ${losses || 'none'}\n`);
  const problems = reports.flatMap((report) => problemsOf(report, strikes));
  for (const { run } of reports) io.stdout.write(`chaos: makespan of ${run.suite} ${(run.makespanMs / 1_000).toFixed(1)} s\n`);
  for (const problem of problems) io.stdout.write(`chaos: ${problem}\n`);
  if (problems.length > 0) io.setExitCode(EXIT.incomplete);
  else if (reports.length > 0) io.stdout.write('chaos: every file has one verdict, and none is red because of a kill.\n');
}

function folderOf({ suites }: Settings, name: string): string {
  return suites.find((suite) => suite.name === name)?.framework.cwd ?? '.';
}

const SEEDS = 1_000_000;
/** Heartbeat timeouts for which a frozen worker stays frozen: longer than the server waits for it. */
const FROZEN_TIMEOUTS = 1.5;

function toMix(word: string): KillMix {
  const mix = parseMix(word);
  if (mix !== null) return mix;
  throw new InvalidArgumentError('weights of term, kill or stop, such as term=1,kill=2, and one above 0');
}

function toSeed(word: string): number {
  if (/^\d{1,9}$/.test(word)) return Number(word);
  throw new InvalidArgumentError('a whole number of at most nine digits');
}
