import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessEnd, RunProcess } from '../adapters/process/process.js';
import { DEFAULTS } from '../core/defaults.js';
import { messageOf } from '../core/errors.js';
import { packFolder, RAW_COVERAGE } from './coverage/raw-coverage.js';
import { type Invocation, type Reading, wordsWithin } from './framework.js';
import { readCapped } from './output.js';
import { readEvidence } from './read-evidence.js';
import { type Report, readReport, textOf } from './report-text.js';
import type { FileRequest, FileRun } from './run-file.js';

/** Runs one file in its own process. */
export type RunAlone = (request: FileRequest) => Promise<FileRun>;

/** Creates a function that runs each file in its own process. Scratch folders are created in `workFolder` and removed after the attempt. */
export function createRunAlone(runProcess: RunProcess, workFolder: string): RunAlone {
  return async (request) => {
    const { framework, folder, file, variables, selection, before, limits } = request;
    await mkdir(workFolder, { recursive: true });
    const scratch = await mkdtemp(path.join(workFolder, 'attempt-'));
    try {
      const invocation = await framework.invoke(folder, { file, scratch, selection, before });
      const outputPath = path.join(scratch, 'output.log');
      const stdoutPath = invocation.report.kind === 'stdout' ? path.join(scratch, 'stdout.log') : outputPath;
      const end = await runProcess(
        {
          argv: wordsWithin(folder, invocation.argv),
          cwd: folder.cwd,
          env: { ...folder.env, ...variables, ...invocation.env },
          stdoutPath,
          stderrPath: outputPath,
        },
        limits,
      );
      const report = await reportOf(invocation, stdoutPath);
      const coverage = await packFolder(path.join(scratch, RAW_COVERAGE), folder);
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
        output: outputOf(request, invocation, report, outputPath),
        ...(coverage && { coverage }),
        end: fateOf(end, () =>
          readEvidence(framework, {
            exitCode,
            signal,
            reportText: textOf(report),
            reportExpected,
            durationMs,
            file,
            cwd: folder.cwd,
            spec: folder.spec,
            ...(selection && { selection }),
          }),
        ),
      };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
}

/** The result of a file, given how its process ended or that its answer was received. */
export function fateOf(end: ProcessEnd | { readonly kind: 'received' }, read: () => Reading): FileRun['end'] {
  switch (end.kind) {
    case 'received':
    case 'exited':
    case 'signalled':
      return readingOf(read);
    case 'timedOut':
      return { kind: 'timedOut', endedBy: end.endedBy, timeoutMs: end.timeoutMs };
    case 'aborted':
      return { kind: 'aborted' };
    case 'notStarted':
      return { kind: 'couldNotRun', reason: end.reason, cases: [] };
  }
}

/** A report on which its reader fails is the file's doing, not the machine's. */
function readingOf(read: () => Reading): Reading {
  try {
    return read();
  } catch (error) {
    return { kind: 'crashed', cases: [], reason: `Its report cannot be read: ${messageOf(error)}` };
  }
}

async function reportOf({ report }: Invocation, stdoutPath: string): Promise<Report> {
  if (report.kind === 'none') return report;
  return readReport(report.kind === 'file' ? report.path : stdoutPath);
}

/** The output for people: if stdout is a machine-readable report, its human-readable form. */
function outputOf({ framework, folder }: FileRequest, invocation: Invocation, report: Report, outputPath: string): string {
  const output = readCapped(outputPath, DEFAULTS.outputBytes);
  if (invocation.report.kind !== 'stdout' || report.kind !== 'text') return output;
  return output + (framework.humanOutput?.(report.text, folder) ?? report.text);
}
