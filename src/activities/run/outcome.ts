import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import type { Load } from '../../core/fleet/load.js';
import type { ProcessResult, TestOutcome } from '../../core/model/attempt.js';
import { countCases, excerptFailures, type TestCase } from '../../core/model/cases.js';
import { tailOf } from '../../core/model/text.js';
import { isQuarantinedCase } from '../../core/plan/quarantine.js';
import type { FileRun } from '../../frameworks/run-file.js';
import type { FileAttempt } from './attempt-file.js';
import type { TestAdapters } from './test-adapters.js';

/** A run, and what its machine was doing meanwhile. */
export type LoadedRun = FileRun & { readonly load: Load };

/** A run that said something of the test. */
export type Finished = LoadedRun & { readonly end: Exclude<FileRun['end'], { kind: 'aborted' | 'couldNotRun' }> };

/** The outcome of a run that came to its end. What is large goes into the object store. Throws RESULT_TOO_LARGE. */
export async function outcomeOf(adapters: TestAdapters, input: FileAttempt, run: Finished): Promise<TestOutcome> {
  const { end } = run;
  const ran = await saveRun(adapters, input, run, 'cases' in end ? end.cases : []);
  switch (end.kind) {
    case 'passed':
      return { ...ran, kind: 'passed' };
    case 'failed':
      return { ...ran, kind: 'failed', ...(areQuarantined(end.cases, input.quarantinedCases ?? []) && { isQuarantined: true }) };
    case 'crashed':
      return { ...ran, kind: 'crashed', reason: end.reason };
    case 'noTests':
      return { ...ran, kind: 'noTests', isError: end.isError && input.part === undefined }; // The file’s cases may be in other parts.
    case 'timedOut':
      return { ...ran, kind: 'timedOut', deadline: end.deadline, timeoutMs: end.timeoutMs };
  }
}

/** Is every failed case one that may fail? A file that is red without a failed case is not covered. */
function areQuarantined(cases: readonly TestCase[], patterns: readonly string[]): boolean {
  const failed = cases.filter(({ status }) => status === 'failed');
  return failed.length > 0 && failed.every(({ name }) => isQuarantinedCase(name, patterns));
}

/** Puts what is large into the object store, under a place of this dispatch alone, and keeps what is small. */
async function saveRun(
  { claimChecks }: TestAdapters,
  input: FileAttempt,
  run: Finished,
  cases: readonly TestCase[],
): Promise<ProcessResult> {
  const place = placeOf(input);
  const { output, durationMs, exitCode, signal, end, load } = run;
  const ran: ProcessResult = {
    durationMs,
    exitCode,
    signal,
    counts: countCases(cases),
    failures: excerptFailures(cases, { count: DEFAULTS.failureExcerpts, characters: DEFAULTS.excerptCharacters }),
    outputTail: end.kind === 'passed' ? '' : tailOf(output, DEFAULTS.outputTailBytes),
    output: output === '' ? null : await claimChecks.store([...place, 'output.log'], output),
    report: await claimChecks.pack([...place, 'cases.json'], cases, input.inlineReportBytes),
    load,
    ...(run.callMs !== undefined && { callMs: run.callMs }),
    ...(run.redAfter && { redAfter: run.redAfter.slice(-DEFAULTS.filesNamed) }),
    ...(input.part && { left: 'left' in end ? (end.left ?? null) : null }),
  };
  const sizeBytes = JSON.stringify(ran).length;
  if (sizeBytes > DEFAULTS.resultBytes)
    throw new RunnerError('RESULT_TOO_LARGE', `The result of ${input.path} takes ${sizeBytes} bytes.`);
  return ran;
}

/** Saves what a test had printed until it was handed back. Its address; null where there is nothing, or no time. */
export async function saveOutput(
  { claimChecks }: TestAdapters,
  input: FileAttempt,
  { output }: Pick<FileRun, 'output'>,
): Promise<string | null> {
  if (output === '') return null;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DEFAULTS.handBackSaveMs);
  });
  const saved = claimChecks.store([...placeOf(input), 'output.log'], output).catch(() => null);
  try {
    return await Promise.race([saved, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Where in the object store a dispatch keeps what it leaves behind; no other dispatch shares it. */
function placeOf({ suite, runId, path, repeat, part, dispatch }: FileAttempt): readonly string[] {
  return ['runs', suite, runId, 'files', path, part ? `${repeat}.${dispatch}.part-${part.number}` : `${repeat}.${dispatch}`];
}
