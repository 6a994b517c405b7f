import { afterAll, afterEach, beforeAll } from 'vitest';
import type { SuiteReport } from '../../src/core/model/suite-report.js';
import { type CliProcess, startCli } from './cli.js';
import { checkDiary, readDiary } from './diary.js';
import { type Fleet, type FleetOptions, startFleet } from './fleet.js';
import { aProject, type Project } from './project.js';
import { checkReport } from './result.js';

/** A project and a fleet for all tests of a file; each test starts the workers it needs, and the next has none of them. */
export type Bench = {
  readonly project: Project;
  readonly fleet: Fleet;
  /** `holdfast run` of one suite, with its name as the run's id. */
  startRun(suite: string, args?: readonly string[], env?: Readonly<Record<string, string>>): CliProcess;
  /** The result of such a run, held against the schema, its own sums and what the files say themselves. */
  reportOf(suite: string): Promise<SuiteReport>;
};

/** Sets the bench up for the tests of the file that calls this. Its parts are there once the first test starts. */
export function aBench(options: FleetOptions = {}): Bench {
  let project: Project | undefined;
  let fleet: Fleet | undefined;
  const there = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('The bench is not set up yet.');
    return part;
  };
  beforeAll(async () => {
    project = await aProject();
    fleet = await startFleet(project, options);
  });
  let runs: CliProcess[] = [];
  afterEach(async () => {
    for (const run of runs) run.kill('SIGINT'); // What a failed test left open is cancelled, and takes no worker of the next.
    await fleet?.dismissWorkers();
    for (const run of runs) run.kill('SIGKILL');
    runs = [];
  });
  afterAll(async () => {
    await fleet?.stop();
    await project?.remove();
  });
  return {
    get project() {
      return there(project);
    },
    get fleet() {
      return there(fleet);
    },
    startRun(suite, args = [], env = {}) {
      const words = ['run', '--suite', suite, '--run-id', suite, '--reporter', 'ci', '--reporter', `json=${suite}.json`, ...args];
      const run = startCli(words, { cwd: there(project).root, env: { ...there(fleet).env, ...env } });
      runs.push(run);
      void run.then(() => {
        runs = runs.filter((other) => other !== run);
      });
      return run;
    },
    async reportOf(suite) {
      const report = await checkReport(await there(project).read(`${suite}.json`));
      checkDiary(report, await readDiary(there(project), suite));
      return report;
    },
  };
}
