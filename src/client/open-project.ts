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

/** What a program wants to run. Everything is optional, as on the command line. */
export type RunOptions = {
  /** Names of suites; without any, all that are not manual. */
  readonly suites?: readonly string[];
  /** Files, folders or globs; without any, the whole suites. */
  readonly paths?: readonly string[];
  /** Name of the run; the same name again attaches to it. */
  readonly runId?: string;
};

/** A project as the command line sees it: its configuration, and the server that it runs on. */
export type Project = {
  /** Starts runs, one for each suite. Throws RunnerError as `holdfast run` ends with it. */
  start(options?: RunOptions): Promise<readonly Run[]>;
  /** A run that was started before, here or elsewhere. */
  attach(name: RunName): Run;
  /** Waits for the end of a run and returns its report. */
  report(run: Run): Promise<SuiteReport>;
  readonly schedules: Schedules;
  /** Leaves the server. An embedded stack that nobody else uses ends. */
  close(): Promise<void>;
};

/**
 * Opens the project of a folder: on the server of TEMPORAL_ADDRESS, or on an embedded stack, which is started if none is up.
 * Throws RunnerError: CONFIG_INVALID, SERVER_UNREACHABLE, STACK_FAILED and others.
 */
export async function openProject({
  cwd = process.cwd(),
  env,
}: {
  /** Absolute folder; that of this process by default. */
  readonly cwd?: string;
  /** Variables that set options, as for the command line; usually those of the process. Tests on an embedded stack see them too. */
  readonly env: Environment;
}): Promise<Project> {
  const load = (values: Readonly<Record<string, GivenFlag>> = {}, paths: readonly string[] = []) =>
    loadSettings({ flags: { paths, args: [], values }, env, cwd }, { detectFramework, suites: 'chosen' });
  const project = await load();
  const server = await openServer({ settings: project, env });
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
      return Promise.all(inputs.map(async (input) => (await startSuite(server.client, input, { isRegistered })).run));
    },
    attach: ({ suite, runId }) => runOf(server.client, suite, runId),
    report: async (run) => readReport(project.objects, server, await run.result()),
    schedules: schedulesOf(server),
    close: () => server.leave(),
  };
}
