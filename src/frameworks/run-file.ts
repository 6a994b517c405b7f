import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessEnd, ProcessLimits, RunProcess } from '../adapters/process/process.js';
import { DEFAULTS } from '../core/defaults.js';
import type { CaseSelection } from '../core/plan/cut.js';
import type { Framework, Invocation, Reading, SuiteFolder } from './framework.js';
import { readCapped } from './output.js';

export type FileRun = {
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Processor time of its processes; null where it is not known. */
  readonly cpuMs: number | null;
  /** Both streams, in the order they were written; the middle left out where they are too long. */
  readonly output: string;
  readonly end:
    | Reading
    | { readonly kind: 'timedOut'; readonly deadline: 'soft' | 'hard'; readonly deadlineMs: number }
    | { readonly kind: 'aborted' };
  /** Green by itself, and red in a process that had run these before it. */
  readonly redAfter?: readonly string[];
  /** Of the first file of a call for several: what the call took beside it. */
  readonly callMs?: number;
};

/** One file of a suite, to be run on this machine. */
export type FileRequest = {
  readonly framework: Framework;
  readonly folder: SuiteFolder;
  readonly file: string;
  /** The run that wants it. */
  readonly runId: string;
  /** What it is expected to take; null where that is not known. */
  readonly estimateMs: number | null;
  /** Of this attempt alone; added to the environment of the tests. */
  readonly variables: Readonly<Record<string, string>>;
  /** Only these of its cases; all, when undefined. */
  readonly selection?: CaseSelection;
  /** Files that are asked for next, in this order, until this ends: a process may begin with them. */
  readonly ahead?: Ahead;
  readonly limits: ProcessLimits;
};

export type Ahead = { readonly files: readonly string[]; readonly signal: AbortSignal };

/** Runs one file. How many files a process serves is known behind this door and nowhere else. */
export type RunFile = (request: FileRequest) => Promise<FileRun>;

/** A process for each file. `workFolder` is this worker's own: each attempt has a scratch folder in it, gone when it ends. */
export function createRunFile(runProcess: RunProcess, workFolder: string): RunFile {
  return async ({ framework, folder, file, variables, selection, limits }) => {
    await mkdir(workFolder, { recursive: true });
    const scratch = await mkdtemp(path.join(workFolder, 'attempt-'));
    try {
      const invocation = await framework.invoke(folder, file, scratch, selection);
      const outputPath = path.join(scratch, 'output.log');
      const stdoutPath = invocation.report.kind === 'stdout' ? path.join(scratch, 'stdout.log') : outputPath;
      const end = await runProcess(
        {
          argv: invocation.argv,
          cwd: folder.cwd,
          env: { ...folder.env, ...variables, ...invocation.env },
          stdoutPath,
          stderrPath: outputPath,
        },
        limits,
      );
      const reportText = await readReport(invocation, stdoutPath);
      const exitCode = end.kind === 'exited' ? end.exitCode : null;
      const signal = end.kind === 'signalled' ? end.signal : null;
      const reportExpected = invocation.report.kind !== 'none';
      const { startedAtMs, durationMs, cpuMs } = end;
      return {
        startedAtMs,
        durationMs,
        cpuMs,
        exitCode,
        signal,
        output: outputOf(framework, invocation, reportText, outputPath),
        end: judge(end, () =>
          framework.read({
            exitCode,
            signal,
            reportText,
            reportExpected,
            durationMs,
            file,
            cwd: folder.cwd,
            ...(selection && { selection }),
          }),
        ),
      };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
}

/** What became of a file whose process ended so, or has answered. */
export function judge(end: ProcessEnd | { readonly kind: 'answered' }, read: () => Reading): FileRun['end'] {
  switch (end.kind) {
    case 'answered':
    case 'exited':
    case 'signalled':
      return read();
    case 'timedOut':
      return { kind: 'timedOut', deadline: end.deadline, deadlineMs: end.deadlineMs };
    case 'aborted':
      return { kind: 'aborted' };
    case 'notStarted':
      return { kind: 'couldNotRun', reason: end.reason, cases: [] };
  }
}

async function readReport({ report }: Invocation, stdoutPath: string): Promise<string | null> {
  if (report.kind === 'none') return null;
  return readFile(report.kind === 'file' ? report.path : stdoutPath, 'utf8').catch(() => null);
}

/** What a person wants to read: where standard output is a report for programs, what the framework makes of it. */
function outputOf(framework: Framework, { report }: Invocation, reportText: string | null, outputPath: string): string {
  const output = readCapped(outputPath, DEFAULTS.outputBytes);
  if (report.kind !== 'stdout' || reportText === null) return output;
  return output + (framework.humanOutput?.(reportText) ?? reportText);
}
