import { Command } from 'commander';
import { execa } from 'execa';
import { repository } from '../adapters/repository/index.js';
import { checkFrameworks } from '../cli/check-frameworks.js';
import { canMergeCoverage, coverageJudge } from '../cli/coverage.js';
import type { Io } from '../cli/io.js';
import { readLastRun, writeLastRun } from '../cli/last-run.js';
import { notesOfCalls } from '../cli/notes-of-calls.js';
import { remarksOf } from '../cli/remarks.js';
import { checkReports, openReporting } from '../cli/reporting.js';
import { addRunFlags, readFlags } from '../cli/run-flags.js';
import { noteOfStay, stayMsOf } from '../cli/stay.js';
import type { Started } from '../client/start.js';
import { loadSettings } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';
import { toSuiteInput } from '../config/suite-input.js';
import { runIdFrom } from '../core/model/run-id.js';
import type { SuiteInput } from '../core/model/suite.js';
import { detectFramework } from '../frameworks/index.js';
import { checkSelection } from '../selection/check-selection.js';
import { openServer, type ServerConnection } from '../stack/server-connection.js';

export function runCommand(io: Io): Command {
  const command = new Command('run').description('run suites and wait for their verdicts');
  return addRunFlags(command).action(async () => {
    const invocation = { flags: readFlags(command), env: io.env, cwd: io.cwd };
    await run(io, await checkSelection(await loadSettings(invocation, { detectFramework }), io));
  });
}

/** Runs the suites to their verdict. `adapt` may change the input of each run before it starts. */
export async function run(
  io: Io,
  settings: Settings,
  adapt: (input: SuiteInput) => SuiteInput = (input) => input,
): Promise<void> {
  await checkFrameworks(settings, io.env);
  await repository.readQuarantine(settings.projectRoot); // Reports mistakes in it before anything starts.
  await checkReports(io, settings.reporters);
  if (settings.dryRun) return (await import('../cli/dry-run.js')).printPlan(io, settings);
  const folderOf = (suite: string) => settings.suites.find(({ name }) => name === suite)?.framework.cwd ?? '.';
  // Load the modules that a run needs while the stack starts.
  const remarks = remarksOf(settings, io.env);
  const opening = openServer({
    settings,
    env: io.env,
    withWorkers: settings.withWorkers,
    isForRuns: true,
    stayMs: stayMsOf(io, settings),
  });
  const [server, reporter, { startAll }, { watchToTheEnd }] = await Promise.all([
    opening,
    openReporting(io, { specs: settings.reporters, folderOf }),
    import('../cli/start-all.js'),
    import('../cli/watch-to-the-end.js'),
  ]);
  try {
    if (!settings.detach) for (const text of await remarks) reporter.note(text);
    const { started, fingerprint } = await startAll(server, {
      inputs: (await inputsOf(io, settings, server)).map(adapt),
      isIdGiven: settings.runId !== null || settings.ci !== null,
      lastRun: await readLastRun(settings),
    });
    const runs = started.map((start) => start.run);
    const names = runs.map(({ suite, runId }) => ({ suite, runId }));
    await writeLastRun(settings, { runs: names, fingerprint, watcher: settings.detach ? null : process.pid });
    if (settings.detach) {
      for (const { suite, runId } of runs) io.stdout.write(`${suite}/${runId}\n`);
      return;
    }
    noteSlots(server, settings, (text) => reporter.note(text));
    for (const text of notesOfCalls(settings)) reporter.note(text);
    for (const start of started) noteStart(start, (text) => reporter.note(text));
    const judge = coverageJudge({ settings, server, env: io.env, print: (text) => reporter.note(text) });
    await watchToTheEnd(io, server, { runs, reporter, objects: settings.objects, judge });
    const stays = noteOfStay(io, settings, server);
    if (stays !== null) io.stderr.write(`${stays}\n`);
    await writeLastRun(settings, { runs: names, fingerprint, watcher: null });
  } finally {
    await server.leave();
  }
}

async function inputsOf(io: Io, settings: Settings, { queues }: ServerConnection): Promise<SuiteInput[]> {
  const identity = {
    runId: settings.runId ?? settings.ci?.id ?? runIdFrom(io.now(), io.random()),
    ciAttempt: settings.ci?.attempt ?? 1,
    previousRunId: null,
    commit: settings.ci?.commit ?? (await headOf(settings.projectRoot)),
  };
  return settings.suites.map((suite) => ({
    ...toSuiteInput(settings, suite, { ...identity, mergesCoverage: canMergeCoverage(suite) }),
    queues,
  }));
}

async function headOf(folder: string): Promise<string | null> {
  const { exitCode, stdout } = await execa('git', ['rev-parse', 'HEAD'], { cwd: folder, reject: false, stderr: 'ignore' });
  return exitCode === 0 ? stdout : null;
}

/** Warns that a stack that others use keeps the slots it was started with. */
function noteSlots({ stack }: ServerConnection, { worker, origins }: Settings, note: (text: string) => void): void {
  const origin = origins.find(({ key }) => key === 'worker.slots');
  if (stack === null || stack.slots === worker.slots || (origin?.origin !== 'flag' && origin?.origin !== 'environment')) return;
  note(`The running stack has ${stack.slots} slots; ${origin.detail} only takes effect when a stack is started.`);
}

function noteStart({ kind, run: { suite, runId } }: Started, note: (text: string) => void): void {
  const name = `${suite}/${runId}`;
  if (kind === 'attached') note(`Run ${name} is already running; attached to it.`);
  if (kind === 'resumed') note(`Run ${name} was interrupted; it continues.`);
  if (kind === 'finished')
    note(`Run ${name} has already ended; this is its verdict. Nothing was run. Pass another --run-id to run again.`);
}
