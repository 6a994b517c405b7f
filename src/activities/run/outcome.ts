import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import type { Load } from '../../core/fleet/load.js';
import type { ProcessResult, TestOutcome } from '../../core/model/attempt.js';
import { countCases, excerptFailures, type TestCase } from '../../core/model/cases.js';
import { coveragePlace } from '../../core/model/places.js';
import { tailOf } from '../../core/model/text.js';
import { isQuarantinedCase } from '../../core/plan/quarantine.js';
import type { FileRun } from '../../frameworks/run-file.js';
import type { FileAttempt } from './attempt-file.js';
import type { TestAdapters } from './test-adapters.js';

/** A run, the load of its machine during it, and the files that ran beside it there. */
export type LoadedRun = FileRun & { readonly load: Load; readonly beside: readonly string[] };

/** A run with a test result. */
export type Finished = LoadedRun & { readonly end: Exclude<FileRun['end'], { kind: 'aborted' | 'couldNotRun' }> };

/** The outcome of a finished run; large values go to the object store. Throws RESULT_TOO_LARGE. */
export async function outcomeOf(adapters: TestAdapters, input: FileAttempt, run: Finished): Promise<TestOutcome> {
  const { end } = run;
  const result = await saveRun(adapters, input, run, 'cases' in end ? end.cases : []);
  switch (end.kind) {
    case 'passed':
      return { ...result, kind: 'passed' };
    case 'failed':
      return {
        ...result,
        kind: 'failed',
        ...(areQuarantined(end.cases, input.quarantinedCases ?? []) && { isQuarantined: true }),
      };
    case 'crashed':
      return { ...result, kind: 'crashed', reason: end.reason };
    case 'noTests':
      return { ...result, kind: 'noTests', isError: end.isError && input.part === undefined }; // Other parts may have the cases.
    case 'timedOut':
      return { ...result, kind: 'timedOut', endedBy: end.endedBy, timeoutMs: end.timeoutMs };
  }
}

/** Are all failed cases quarantined? A file that is red without a failed case is not. */
function areQuarantined(cases: readonly TestCase[], patterns: readonly string[]): boolean {
  const failed = cases.filter(({ status }) => status === 'failed');
  return failed.length > 0 && failed.every(({ name }) => isQuarantinedCase(name, patterns));
}

/** Saves large values to the object store, under a path unique to this dispatch, and keeps small ones inline. */
async function saveRun(
  { claimChecks }: TestAdapters,
  input: FileAttempt,
  run: Finished,
  cases: readonly TestCase[],
): Promise<ProcessResult> {
  const place = placeOf(input);
  const { output, durationMs, exitCode, signal, end, load } = run;
  const result: ProcessResult = {
    durationMs,
    exitCode,
    signal,
    counts: countCases(cases),
    failures: excerptFailures(cases, { count: DEFAULTS.failureExcerpts, characters: DEFAULTS.excerptCharacters }),
    outputTail: end.kind === 'passed' ? '' : tailOf(output, DEFAULTS.outputTailBytes),
    output: output === '' ? null : await claimChecks.store([...place, 'output.log'], output),
    ...(run.coverage && { coverage: [await claimChecks.store(coveragePlaceOf(input), run.coverage)] }),
    report: await claimChecks.pack([...place, 'cases.json'], cases, input.inlineReportBytes),
    load,
    ...(input.alone && { alone: true }),
    ...(input.after && { after: input.after.slice(-DEFAULTS.filesNamed) }),
    ...(run.callMs !== undefined && { callMs: run.callMs }),
    ...(run.redAfter && { redAfter: run.redAfter.slice(-DEFAULTS.filesNamed) }),
    ...('stayedOpen' in end && end.stayedOpen && { stayedOpen: [...new Set(end.stayedOpen)].slice(0, DEFAULTS.filesNamed) }),
    ...(input.part && { left: 'left' in end ? (end.left ?? null) : null }),
  };
  const sizeBytes = Buffer.byteLength(JSON.stringify(result));
  if (sizeBytes > DEFAULTS.resultBytes)
    throw new RunnerError('RESULT_TOO_LARGE', `The result of ${input.path} takes ${sizeBytes} bytes.`);
  return result;
}

/** Saves the output so far of an attempt that is handed back. Returns its address; null if there is none, or no time. */
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

/** Path in the object store, unique to this dispatch. */
const placeOf = (input: FileAttempt) => ['runs', input.suite, input.runId, 'files', ...dispatchOf(input)];

/** The same for raw coverage, which is removed when it has been merged. */
const coveragePlaceOf = (input: FileAttempt) => [...coveragePlace(input), ...dispatchOf(input)];

function dispatchOf({ path, repeat, part, dispatch }: FileAttempt): readonly string[] {
  return [path, part ? `${repeat}.${dispatch}.part-${part.number}` : `${repeat}.${dispatch}`];
}
