import path from 'node:path';
import { listTestFiles } from '../adapters/frameworks/index.js';
import { matchesGlob } from '../adapters/frameworks/select.js';
import { readEstimates } from '../client/estimates.js';
import type { Settings } from '../config/settings.js';
import { testEnvironment } from '../core/environment.js';
import { EXIT, RunnerError } from '../core/errors.js';
import { planOrder, withRules } from '../core/order.js';
import { renderTable } from '../reporters/index.js';
import { formatDuration } from '../reporters/wording.js';
import type { Io } from './io.js';
import { terminalOf } from './terminal.js';

/** Prints what a run would do, in its order: nothing is started. A suite without files sets the exit code of a run without files. */
export async function printPlan(io: Io, settings: Settings): Promise<void> {
  const names = settings.suites.map(({ name }) => name);
  const { withWorkers } = settings;
  const expected = await readEstimates(names, { settings, env: io.env, withWorkers });
  for (const suite of settings.suites) {
    const { framework, selection, repeatEach, name } = suite;
    const cwd = path.resolve(settings.projectRoot, framework.cwd);
    const paths = await listTestFiles({ cwd, spec: framework, env: testEnvironment(io.env, framework.env) }, selection);
    if (paths.length === 0 && !suite.passWithNoTests) throw new RunnerError('SUITE_EMPTY', `Suite ${name} has no test files.`);
    const tasks = paths.flatMap((file) => Array.from({ length: repeatEach }, (_, index) => ({ path: file, repeat: index + 1 })));
    const rows = planOrder(tasks, new Map(Object.entries(expected.get(name) ?? {}))).map((planned, index) => {
      const {
        path: file,
        repeat,
        estimateMs,
        deadlineMs = suite.deadlineMs,
      } = withRules(planned, suite.rules ?? [], matchesGlob);
      return [
        String(index + 1),
        repeatEach > 1 ? `${file} (${repeat})` : file,
        estimateMs === null ? 'unknown' : formatDuration(estimateMs),
        formatDuration(deadlineMs),
      ];
    });
    io.stdout.write(`${name}: ${rows.length} to run, none started\n`);
    io.stdout.write(renderTable(['#', 'file', 'estimate', 'deadline'], rows, terminalOf(io.stdout, io.env)));
  }
  io.setExitCode(EXIT.ok);
}
