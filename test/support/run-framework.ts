import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished } from 'vitest';
import { countCases } from '../../src/core/model/cases.js';
import type { CaseSelection } from '../../src/core/plan/split.js';
import type { Evidence, Framework, Reading, SuiteFolder } from '../../src/frameworks/framework.js';
import { readEvidence } from '../../src/frameworks/read-evidence.js';
import { type Expected, shapeOf } from './expected.js';

/** A suite's folder as a worker would describe it: a small environment of its own, nothing of this test run in it. */
export function suiteFolder(
  framework: Framework,
  cwd: string,
  extra: { args?: string[]; env?: Record<string, string> } = {},
): SuiteFolder {
  const passed = ['PATH', 'HOME', 'TMPDIR'].flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  return {
    cwd,
    spec: { name: framework.name, args: extra.args ?? [], cwd: '.', env: {} },
    env: { ...Object.fromEntries(passed), ...extra.env },
  };
}

/** What one file left behind: the reading, and what a person would have seen. */
export type FrameworkRun = { readonly reading: Reading; readonly evidence: Evidence; readonly output: string };

/** Runs one file, or some cases of it, with the real framework, as a worker does: invoke, spawn, read. */
export async function runFramework(
  framework: Framework,
  folder: SuiteFolder,
  file: string,
  selection?: CaseSelection,
  before?: readonly string[],
): Promise<FrameworkRun> {
  const scratch = await mkdtemp(join(tmpdir(), 'holdfast-attempt-'));
  try {
    const { argv, env, report } = await framework.invoke(folder, { file, scratch, selection, before });
    const [program, ...words] = argv;
    const ended = await execa(program, words, {
      cwd: folder.cwd,
      env: { ...folder.env, ...env },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      all: true,
    });
    const reportText =
      report.kind === 'file'
        ? await readFile(report.path, 'utf8').catch(() => null)
        : report.kind === 'stdout'
          ? ended.stdout
          : null;
    const evidence: Evidence = {
      exitCode: ended.exitCode ?? null,
      signal: ended.signal ?? null,
      reportText,
      reportExpected: report.kind !== 'none',
      durationMs: ended.durationMs,
      file,
      cwd: folder.cwd,
      spec: folder.spec,
      ...(selection && { selection }),
    };
    return { reading: readEvidence(framework, evidence), evidence, output: ended.all };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Runs of files of one folder, each by itself: one that several tests look at runs once. */
export function runsOf(framework: Framework, folder: () => SuiteFolder): (file: string) => Promise<FrameworkRun> {
  const runs = new Map<string, Promise<FrameworkRun>>();
  return (file) => {
    const run = runs.get(file) ?? runFramework(framework, folder(), file);
    runs.set(file, run);
    return run;
  };
}

/** Holds a run to its row, and passes it on. */
export function expectRow(run: FrameworkRun, expected: Expected): FrameworkRun {
  const { reading, evidence, output } = run;
  const { file, exitCode, signal } = evidence;
  const row = { file, exitCode, signal, kind: reading.kind, ...shapeOf(reading.cases), output };
  expect(row).toEqual({ ...expected, output }); // The output is there to be read where it differs.
  return run;
}

/** Runs one file, and holds it to its exit code, its kind, and how many of its cases passed, failed and were skipped. */
export async function expectRun(
  framework: Framework,
  folder: SuiteFolder,
  file: string,
  {
    exitCode,
    kind,
    counts: [passed, failed, skipped],
  }: { exitCode: number | null; kind: Reading['kind']; counts: readonly [number, number, number] },
): Promise<FrameworkRun> {
  const run = await runFramework(framework, folder, file);
  const { reading, evidence, output } = run;
  const told = { kind: reading.kind, exitCode: evidence.exitCode, counts: countCases(reading.cases), output };
  expect(told).toEqual({ kind, exitCode, counts: { passed, failed, skipped }, output }); // The output is there to be read where it differs.
  return run;
}

/** A project in a temporary folder with these files and installed packages, which are those of this repository. Gone after the test. */
export async function temporaryProject(
  files: Readonly<Record<string, string>>,
  installed = join(import.meta.dirname, '../../node_modules'),
): Promise<string> {
  const cwd = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-project-')));
  onTestFinished(() => rm(cwd, { recursive: true, force: true, maxRetries: 5 })); // A process that is ending may still write its cache.
  await symlink(installed, join(cwd, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, path)), { recursive: true });
    await writeFile(join(cwd, path), text);
  }
  return cwd;
}

/** File names that a shell, a glob or an option parser would take for something else. */
export const oddNames = (extension: string): readonly string[] => [
  `a space and "quotes' $HOME.test${extension}`,
  `new\nline.test${extension}`,
  `-leading-dash.test${extension}`,
  `sub/[id] (copy) {a,b}.test${extension}`,
];
