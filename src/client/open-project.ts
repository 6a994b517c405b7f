import { Readable } from 'node:stream';
import type { GivenFlag } from '../config/invocation.js';
import { loadSettings } from '../config/load-settings.js';
import { toSuiteInput } from '../config/suite-input.js';
import type { Environment } from '../core/model/environment.js';
import { runIdFrom } from '../core/model/run-id.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { detectFramework } from '../frameworks/index.js';
import { checkSelection } from '../selection/check-selection.js';
import { openServer } from '../stack/server-connection.js';
import { readReport } from './report.js';
import { type Run, type RunName, runOf } from './run.js';
import { type Schedules, schedulesOf } from './schedules.js';
import { startSuite } from './start.js';

/** What to run. Everything is optional, as on the command line. */
export type RunOptions = {
  /** Names of suites; by default, all that are not manual. */
  readonly suites?: readonly string[];
  /** Files, folders or globs; by default, the whole suites. */
  readonly paths?: readonly string[];
  /** Id of the run. Reusing an id attaches to the existing run. */
  readonly runId?: string;
};

/** A project as the command line sees it: its configuration and the server it runs on. */
export type Project = {
  /** Starts runs, one per suite. Throws the RunnerErrors of `holdfast run`. */
  start(options?: RunOptions): Promise<readonly Run[]>;
  /** Returns a run that was started earlier, here or elsewhere. */
  attach(name: RunName): Run;
  /** Waits for a run to end and returns its report. */
  report(run: Run): Promise<SuiteReport>;
  readonly schedules: Schedules;
  /** Disconnects from the server. An embedded stack ends if nobody else uses it. */
  close(): Promise<void>;
};

/**
 * Opens the project in a folder, on the server at TEMPORAL_ADDRESS or on an embedded stack, which is started if necessary.
 * Throws RunnerError: CONFIG_INVALID, SERVER_UNREACHABLE, STACK_FAILED and others.
 */
export async function openProject({
  cwd = process.cwd(),
  env,
}: {
  /** Absolute folder; the working directory by default. */
  readonly cwd?: string;
  /** Environment variables that set options, usually those of the process. Tests on an embedded stack get them too. */
  readonly env: Environment;
}): Promise<Project> {
  const load = (values: Readonly<Record<string, GivenFlag>> = {}, paths: readonly string[] = []) =>
    loadSettings({ flags: { paths, args: [], values }, env, cwd }, { detectFramework, suites: 'chosen' });
  const project = await load();
  const server = await openServer({ settings: project, env, isForRuns: true });
  return {
    async start({ suites = [], paths = [], runId = runIdFrom(Date.now(), crypto.randomUUID()) } = {}) {
      const values = {
        runId: { flag: 'runId', words: [runId] },
        ...(suites.length > 0 && { suite: { flag: 'suites', words: suites } }),
      };
      const settings = await checkSelection(await load(values, paths), { cwd, stdin: Readable.from([]) });
      const isRegistered = await server.isRegistered();
      const identity = { runId, ciAttempt: 1, previousRunId: null, commit: null };
      const inputs = settings.suites.map((suite) => ({ ...toSuiteInput(settings, suite, identity), queues: server.queues }));
      return Promise.all(inputs.map(async (input) => (await startSuite(server, input, { isRegistered })).run));
    },
    attach: ({ suite, runId }) => runOf(server.client, suite, runId),
    report: async (run) => readReport(project.objects, server, await run.result()),
    schedules: schedulesOf(server),
    close: () => server.leave(),
  };
}
