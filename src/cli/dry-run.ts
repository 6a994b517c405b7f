import path from 'node:path';
import { compileCodeowners, repository } from '../adapters/repository/index.js';
import type { Settings, SuiteSettings } from '../config/settings.js';
import { DEFAULTS } from '../core/defaults.js';
import { EXIT, RunnerError } from '../core/errors.js';
import type { Estimate } from '../core/history/durations.js';
import { describePermits, permitsFor } from '../core/model/permits.js';
import type { PlannedFile } from '../core/model/suite.js';
import { dayOf } from '../core/plan/day.js';
import { longFiles, planFiles } from '../core/plan/plan.js';
import { compileQuarantine } from '../core/plan/quarantine.js';
import { seedOf } from '../core/plan/random.js';
import { compileGlob } from '../frameworks/select.js';
import { renderTable } from '../render/show.js';
import { formatDuration } from '../render/wording.js';
import { readEstimates } from './estimates.js';
import type { Io } from './io.js';
import { notesOfCalls } from './notes-of-calls.js';
import { remarksOf } from './remarks.js';
import { terminalOf } from './terminal.js';
import { filesOf } from './with-suites.js';

/**
 * Prints the files that a run would execute, in order, without starting anything. Throws SUITE_EMPTY for a suite without files,
 * like a run.
 */
export async function printPlan(io: Io, settings: Settings): Promise<void> {
  const names = settings.suites.map(({ name }) => name);
  const { withWorkers } = settings;
  for (const text of [...notesOfCalls(settings), ...(await remarksOf(settings, io.env))]) io.stdout.write(`${text}\n`);
  const expected = await readEstimates(names, { settings, env: io.env, withWorkers });
  for (const configured of settings.suites) {
    const suite = withSeed(configured, io.now());
    const estimates = new Map(Object.entries(expected.get(suite.name) ?? {}));
    const files = await planOf(io, settings, suite, estimates);
    if (files.length === 0 && !suite.passWithNoTests)
      throw new RunnerError('SUITE_EMPTY', `Suite ${suite.name} has no test files.`);
    const long = longFiles({ paths: files.map((file) => file.path), estimates, input: suite, compileGlob });
    const mostMs = new Map(long.map((file) => [file.path, file.mostMs]));
    const rows = files.map((file, index) => rowOf(file, index, suite, mostMs.get(file.path)));
    io.stdout.write(`${suite.name}: ${rows.length} to run, none started${seedIn(suite)}\n`);
    io.stdout.write(renderTable(HEAD, rows, terminalOf(io.stdout, io.env)));
  }
  io.setExitCode(EXIT.ok);
}

/** Fixes the seed of a random order, so that a run can repeat it. */
function withSeed(suite: SuiteSettings, nowMs: number): SuiteSettings {
  const { order } = suite;
  if (order?.kind !== 'random' || order.seed !== undefined) return suite;
  return { ...suite, order: { kind: 'random', seed: seedOf(String(nowMs)) } };
}

const seedIn = ({ order }: SuiteSettings) =>
  order?.kind === 'random' ? `; a run has the same order with --order random --seed ${order.seed}` : '';

async function planOf(
  io: Io,
  settings: Settings,
  suite: SuiteSettings,
  estimates: ReadonlyMap<string, Estimate>,
): Promise<PlannedFile[]> {
  const { framework, selection } = suite;
  const cwd = path.resolve(settings.projectRoot, framework.cwd);
  const codeowners = await repository.readCodeowners(cwd, settings.projectRoot);
  const today = dayOf(io.now());
  const paths = await filesOf(io, settings, suite, selection);
  return planFiles({
    paths,
    sizes: await repository.sizesOf(cwd, paths),
    estimates,
    input: suite,
    compileGlob,
    quarantineFor: compileQuarantine(await repository.readQuarantine(settings.projectRoot), {
      today,
      environment: settings.environment,
      compileGlob,
    }),
    ownerOf: codeowners === null ? () => undefined : compileCodeowners(codeowners),
  });
}

const HEAD = ['#', 'file', 'estimate', 'timeout', 'killed at', 'takes', 'quarantine', 'owner'];

function rowOf(file: PlannedFile, index: number, suite: SuiteSettings, mostMs: number | undefined): string[] {
  const {
    path: name,
    repeat,
    estimateMs,
    timeoutMs = suite.timeoutMs ?? DEFAULTS.timeoutMs,
    slots = 1,
    memoryMb,
    quarantine,
    owner = '',
  } = file;
  const killGraceMs = file.killGraceMs ?? suite.killGraceMs ?? DEFAULTS.killGraceMs;
  const permits = permitsFor(file);
  const takes = [
    ...(slots > 1 ? [`${slots} slots`] : []),
    ...(memoryMb === undefined ? [] : [`${memoryMb} MB`]),
    ...(permits === null ? [] : [describePermits(permits)]),
    ...(mostMs === undefined ? [] : [`parts of up to ${formatDuration(mostMs)}`]),
  ];
  return [
    String(index + 1),
    repeat > 1 || suite.repeatEach > 1 ? `${name} (${repeat})` : name,
    estimateMs === null ? 'unknown' : formatDuration(estimateMs),
    formatDuration(timeoutMs),
    formatDuration(timeoutMs + killGraceMs),
    takes.join(', '),
    quarantine === undefined ? '' : `${quarantine.isExpired ? 'expired: ' : ''}${quarantine.reason}`,
    owner,
  ];
}
