import { cp, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { FrameworkSpec } from '../../src/core/model/suite.js';
import { type MergedCoverage, mergeCoverage } from '../../src/frameworks/coverage/merge-coverage.js';
import type { Framework } from '../../src/frameworks/framework.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { suiteFolder } from './run-framework.js';

/** Statements, branches and functions of a file with how often each ran, as istanbul counts them. */
type FileCoverage = { readonly statementMap: unknown; readonly s: Counts; readonly b: unknown; readonly f: Counts };
type Counts = Readonly<Record<string, number>>;

/** What a report in istanbul's JSON says of each file, by its path in the project. */
export async function statementsIn(cwd: string, folder = 'coverage'): Promise<Record<string, FileCoverage>> {
  const report: Record<string, FileCoverage> = JSON.parse(await readFile(join(cwd, folder, 'coverage-final.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries(report).map(([path, { statementMap, s, b, f }]) => [path.slice(cwd.length + 1), { statementMap, s, b, f }]),
  );
}

/** Runs the framework's own command, which writes a report into `coverage`; comes to what it says. */
export async function ownStatements(cwd: string, argv: readonly [string, ...string[]]): Promise<Record<string, FileCoverage>> {
  const [program, ...words] = argv;
  await execa(program, words, { cwd, env: { PATH: process.env.PATH }, extendEnv: false });
  const own = await statementsIn(cwd);
  await rm(join(cwd, 'coverage'), { recursive: true });
  return own;
}

/** Runs files in a copy of the project, in a folder that is gone then: what they have measured says of another machine's files. */
export async function elsewhere(cwd: string, run: (cwd: string) => Promise<readonly FileRun[]>): Promise<readonly FileRun[]> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-a-much-longer-name-')));
  const copy = join(root, 'project');
  try {
    await cp(cwd, copy, { recursive: true, verbatimSymlinks: true });
    return await run(copy);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Merges what these runs of files have measured, as the command does at the end of a run. */
export async function merged(
  framework: Framework,
  cwd: string,
  runs: readonly FileRun[],
  { spec, ...extra }: { args?: string[]; env?: Record<string, string>; spec?: Partial<FrameworkSpec> } = {},
): Promise<MergedCoverage> {
  const { coverage } = framework;
  if (coverage === undefined) throw new Error(`${framework.name} measures no coverage.`);
  const isGreen = runs.every(({ end }) => end.kind === 'passed');
  const folder = suiteFolder(framework, cwd, extra);
  const values = (async function* () {
    for (const run of runs) yield run.coverage ?? null;
  })();
  return mergeCoverage(coverage, { ...folder, spec: { ...folder.spec, ...spec } }, { values, isGreen });
}
