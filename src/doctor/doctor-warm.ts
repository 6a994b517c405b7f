import { checkFrameworks } from '../cli/check-frameworks.js';
import type { Io } from '../cli/io.js';
import { terminalOf } from '../cli/terminal.js';
import { withServer } from '../cli/with-server.js';
import { readReport } from '../client/report.js';
import { startSuite } from '../client/start.js';
import type { Settings, SuiteSettings } from '../config/settings.js';
import { toSuiteInput } from '../config/suite-input.js';
import { EXIT } from '../core/errors.js';
import { type Difference, differencesOf, type FileSummary } from '../core/history/warm-differences.js';
import { runIdFrom } from '../core/model/run-id.js';
import type { SuiteInput, SuiteResult } from '../core/model/suite.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { oneLine } from '../render/plain.js';
import { renderTable } from '../render/show.js';
import { formatDuration } from '../render/wording.js';
import type { ServerConnection } from '../stack/server-connection.js';

/**
 * Runs suites with and without warm sessions, every file once, and prints the differences. Sets exit code 1 if there are any, or
 * that of a run that was cancelled or gave no verdict.
 */
export async function compareWays(io: Io, settings: Settings, { json }: { readonly json?: true }): Promise<void> {
  await checkFrameworks(settings, io.env);
  await withServer(
    io,
    settings,
    async (server) => {
      const compared: Compared[] = [];
      for (const suite of settings.suites) {
        const runOnce = async (way: keyof Ways) => {
          if (!json) io.stderr.write(`${suite.name}, ${WORDS[way]} …\n`);
          return run(io, server, settings, inputOf(io, settings, suite, way));
        };
        const cold = await runOnce('cold'); // First, so that the warm run has durations by which short files share dispatches.
        const warm = cold && (await runOnce('warm'));
        if (cold === null || warm === null) return;
        compared.push({ suite: suite.name, cold, warm, differences: differencesOf({ cold, warm }) });
      }
      if (json) io.stdout.write(`${JSON.stringify({ schemaVersion: 1, suites: compared.map(shownOf) }, null, 2)}\n`);
      else for (const comparison of compared) io.stdout.write(`${textOf(io, comparison)}\n`);
      io.setExitCode(compared.some(({ differences }) => differences.length > 0) ? EXIT.testsFailed : EXIT.ok);
    },
    { isForRuns: true },
  );
}

type Ways = { readonly cold: SuiteReport; readonly warm: SuiteReport };
type Compared = Ways & { readonly suite: string; readonly differences: readonly Difference[] };

const WORDS: Readonly<Record<keyof Ways, string>> = { cold: 'a process for each file', warm: 'warm sessions' };

/** The input of one run: every file once and no retries, so that no failure is hidden. */
function inputOf(io: Io, settings: Settings, suite: SuiteSettings, way: keyof Ways): SuiteInput {
  const identity = { runId: runIdFrom(io.now(), io.random()), ciAttempt: 1, previousRunId: null, commit: null };
  const input = toSuiteInput(settings, suite, identity);
  const { warm: _, ...framework } = suite.framework;
  return {
    ...input,
    framework: way === 'warm' ? { ...framework, warm: true } : framework,
    budget: { ...input.budget, maxAttempts: 1 },
    rules: (input.rules ?? []).map(({ retries: _retries, ...rule }) => rule),
    repeatEach: 1,
    repeatNew: 1,
    speculation: false,
    secondLook: false,
    maxFailures: null,
  };
}

/** Runs a suite. Returns null, after printing the reason, for a run that was cancelled or gave no verdict. */
async function run(io: Io, server: ServerConnection, { objects }: Settings, input: SuiteInput): Promise<SuiteReport | null> {
  const isRegistered = await server.isRegistered();
  const started = await startSuite(server, { ...input, queues: server.queues }, { isRegistered });
  const removeListener = io.onInterrupt(() => void started.run.cancel());
  try {
    const result = await started.run.result();
    const why = whyNot(result);
    if (why === null) return await readReport(objects, server, result);
    io.stderr.write(`${input.suite} cannot be compared: ${oneLine(why)}\n`);
    io.setExitCode(result.exitCode);
    return null;
  } finally {
    removeListener();
  }
}

function whyNot({ problem, status, totals }: SuiteResult): string | null {
  if (problem !== null) return problem;
  if (status === 'cancelled') return 'the run was cancelled.';
  return totals.planned === 0 ? 'it has no test files.' : null;
}

function shownOf({ suite, cold, warm, differences }: Compared) {
  const shown = ({ run: { id, makespanMs }, totals }: SuiteReport) => ({ runId: id, makespanMs, totals });
  return { suite, cold: shown(cold), warm: shown(warm), differences };
}

function textOf(io: Io, { suite, cold, warm, differences }: Compared): string {
  const rows = [rowOf('cold', cold), rowOf('warm', warm)];
  const table = renderTable([suite, 'files', 'passed', 'failed', 'skipped', 'makespan'], rows, terminalOf(io.stdout, io.env));
  if (differences.length === 0) return `${table}Every file has the same result in both.`;
  const lines = differences.map(({ path, cold: coldSummary, warm: warmSummary, reason }) => {
    const why = reason === null ? '' : ` (${reason})`;
    return `  ${oneLine(`${path}: ${wordsOf(coldSummary)} by itself, ${wordsOf(warmSummary)} in warm sessions${why}`)}\n`;
  });
  return `${table}They differ in ${differences.length} of ${cold.files.length} files:\n${lines.join('')}`;
}

function rowOf(way: keyof Ways, { run: { makespanMs }, totals: { cases }, files }: SuiteReport): string[] {
  return [
    WORDS[way],
    String(files.length),
    ...[cases.passed, cases.failed, cases.skipped].map(String),
    formatDuration(makespanMs),
  ];
}

function wordsOf(summary: FileSummary | null): string {
  if (summary === null) return 'not run';
  const { passed, failed, skipped } = summary.cases;
  return `${summary.verdict} with ${passed} passed, ${failed} failed, ${skipped} skipped`;
}
