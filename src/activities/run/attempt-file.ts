import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { DEFAULTS } from '../../core/defaults.js';
import { messageOf, RunnerError } from '../../core/errors.js';
import type { Load } from '../../core/fleet/load.js';
import type { AttemptOutcome, AttemptRecord, Ran } from '../../core/model/attempt.js';
import { countCases, excerptFailures, type TestCase } from '../../core/model/cases.js';
import { DEADLINE_QUERY } from '../../core/model/change.js';
import { testEnvironment } from '../../core/model/environment.js';
import type { Lease } from '../../core/model/lease.js';
import { STOP_NAMES, Stop } from '../../core/model/stop.js';
import type { FrameworkSpec, Part, Source } from '../../core/model/suite.js';
import { tailOf } from '../../core/model/text.js';
import { type CaseSelection, selectionOf } from '../../core/plan/cut.js';
import { isShielded } from '../../core/plan/quarantine.js';
import { causeOf, type RetryPolicy } from '../../core/schedule/retry.js';
import type { Ahead, FileRun } from '../../frameworks/run-file.js';
import { isTakenAway, leaseLost } from './lease.js';
import type { TestAdapters } from './test-adapters.js';

export type RunTestFileInput = {
  readonly suite: string;
  readonly runId: string;
  readonly path: string;
  readonly repeat: number;
  /** This dispatch, where its activity is not its own and cannot tell. */
  readonly id?: string;
  /** From 1; what the tests see as HOLDFAST_ATTEMPT. Losses do not count. */
  readonly attempt: number;
  /** From 1, losses included: no two dispatches of a file share it, so what a lost one leaves behind is never read. */
  readonly dispatch: number;
  readonly source: Source;
  readonly commit: string | null;
  readonly framework: FrameworkSpec;
  /** Only these of its cases. */
  readonly part?: Part;
  readonly deadlineMs: number;
  /** What it is expected to take; null where that is not known. */
  readonly estimateMs?: number | null;
  /** Between SIGTERM and SIGKILL at the deadline; workflows of an older version do not tell. */
  readonly killGraceMs?: number;
  /** Slots it takes; 1 when undefined. */
  readonly slots?: number;
  /** Memory it takes, in MB. */
  readonly memoryMb?: number;
  /** Asked of this worker alone: null is answered when it has no slot so soon. */
  readonly slotWithinMs?: number;
  /** What is read in what a red attempt said. */
  readonly patterns?: Pick<RetryPolicy, 'only' | 'except' | 'infrastructure'>;
  /** Cases that may fail. */
  readonly shieldedCases?: readonly string[];
};

/**
 * Runs one test file once, in a slot that is held for it. `onPassed` is called when its process has ended green, and only what it said is still to be
 * saved. Throws only when the work was taken away: what could not be found out is an outcome.
 */
export async function attemptFile(
  adapters: TestAdapters,
  input: RunTestFileInput,
  { onPassed, ...here }: Here & { readonly onPassed?: () => void },
): Promise<AttemptRecord> {
  const begunAtMs = Date.now();
  const { worker } = adapters;
  try {
    const unfit = await adapters.whyUnfit();
    if (unfit !== null) return { worker, startedAtMs: begunAtMs, outcome: broken(unfit) };
    const run = await runHere(adapters, input, here);
    if (run.end.kind === 'passed') onPassed?.();
    return { worker, startedAtMs: run.startedAtMs, outcome: await outcomeOf(adapters, input, run, here.lease) };
  } catch (error) {
    if (isTakenAway(error)) throw error;
    return { worker, startedAtMs: begunAtMs, outcome: broken(error instanceof RunnerError ? error.what : messageOf(error)) };
  }
}

export function stopOf({ signal: { reason } }: Lease): Stop {
  return reason instanceof Stop ? reason : new Stop('leaseLost', 'The warden ended its test.');
}

/** On a machine that has become unfit meanwhile, only a pass says something of the test. */
async function outcomeOf(adapters: TestAdapters, input: RunTestFileInput, run: LoadedRun, lease: Lease): Promise<AttemptOutcome> {
  if (run.end.kind === 'aborted') return handBack(adapters, input, run, stopOf(lease));
  if (run.end.kind === 'passed') return toOutcome(adapters, input, run);
  const unfit = await adapters.whyUnfit();
  if (unfit !== null) return broken(unfit);
  const cause = causeOf(saidBy(run), { ...NO_PATTERNS, ...input.patterns });
  if (cause === 'infrastructure') {
    const reason = 'What it said is a matter of the infrastructure, by the patterns of the suite.';
    const output = await saveWhatThereIs(adapters, input, run);
    return { kind: 'lost', cause: 'infrastructure', reason, atMs: Date.now(), output };
  }
  const outcome = await toOutcome(adapters, input, run);
  return outcome.kind === 'lost' || cause === 'repeat' ? outcome : { ...outcome, mayRepeat: false };
}

const NO_PATTERNS = { only: [], except: [], infrastructure: [] };

/** All that a red attempt said: its output, and the messages of its cases. */
function saidBy({ output, end }: FileRun): string {
  const cases = 'cases' in end ? end.cases : [];
  return [output, ...cases.flatMap(({ message, stack }) => [message ?? '', stack ?? ''])].join('\n');
}

export const broken = (reason: string): AttemptOutcome => ({ kind: 'lost', cause: 'broken', reason, atMs: Date.now() });

/** A run, and what its machine was doing meanwhile. */
type LoadedRun = FileRun & { readonly load: Load };

/** `ahead`: what this slot is asked for next. */
type Here = { readonly slot: number; readonly lease: Lease; readonly ahead?: Ahead };

async function runHere(adapters: TestAdapters, input: RunTestFileInput, { slot, lease, ahead }: Here): Promise<LoadedRun> {
  const { source, commit, framework, path, part, deadlineMs } = input;
  const { cwd } = await adapters.sources.locate({ source, commit, cwd: framework.cwd });
  const env = testEnvironment(adapters.environment, framework.env);
  const variables = {
    HOLDFAST_RUN_ID: input.runId,
    HOLDFAST_FILE: path,
    HOLDFAST_ATTEMPT: String(input.attempt),
    HOLDFAST_SLOT: String(slot),
    HOLDFAST_SLOTS: String(adapters.slots.count),
    HOLDFAST_WORKER: adapters.worker,
    ...(part && { HOLDFAST_PART: `${part.number}/${part.of}` }),
  };
  const selection = part && (await casesOf(adapters, part));
  const endOfLoad = adapters.loadMeter.start();
  const run = await adapters.runFile({
    framework: adapters.frameworkOf(framework.name),
    folder: { cwd, spec: framework, env },
    file: path,
    runId: input.runId,
    estimateMs: input.estimateMs ?? null,
    variables,
    ...(selection && { selection }),
    ...(ahead && { ahead }),
    limits: {
      deadlineMs,
      currentDeadlineMs: () => askForDeadline(deadlineMs, input.id),
      killGraceMs: input.killGraceMs ?? DEFAULTS.killGraceMs,
      lease,
    },
  });
  return { ...run, load: endOfLoad(run.cpuMs) };
}

async function casesOf({ parcels }: TestAdapters, part: Part): Promise<CaseSelection> {
  const named = await parcels.unpack(part.named);
  if (named === null)
    throw new RunnerError('RUN_UNREADABLE', 'Which cases this part of the file has is not in the object store here.');
  return selectionOf(part, named);
}

/** A person may have extended the deadline meanwhile. Where nobody answers soon, it stands. */
async function askForDeadline(deadlineMs: number, id: string | undefined): Promise<number> {
  const { client, info } = Context.current();
  const { workflowId, runId } = info.workflowExecution ?? {};
  if (workflowId === undefined) return deadlineMs;
  const ask = () =>
    client.workflow.getHandle(workflowId, runId).query<number | null, [string]>(DEADLINE_QUERY, id ?? info.activityId);
  try {
    return (await client.withDeadline(Date.now() + DEFAULTS.deadlineAnswerMs, ask)) ?? deadlineMs;
  } catch {
    return deadlineMs;
  }
}

/** A worker that leaves hands its attempt back as a value: it runs elsewhere within 20 ms, after a failure only within a second. */
export async function handBack(
  adapters: TestAdapters,
  input: RunTestFileInput,
  run: Begun,
  reason: Stop,
): Promise<AttemptOutcome> {
  const atMs = Date.now();
  const activityId = input.id ?? Context.current().info.activityId;
  const message = `${STOP_NAMES[reason.kind]}: ${reason.message}`;
  adapters.log(`${input.path} (${activityId}): ${message} Its processes were killed.`);
  switch (reason.kind) {
    case 'workerShutdown':
    case 'paused': {
      const cause = reason.kind === 'paused' ? 'paused' : 'preempted';
      return { kind: 'lost', cause, reason: message, atMs, output: await saveWhatThereIs(adapters, input, run) };
    }
    case 'leaseLost':
      throw leaseLost(reason.message, { worker: adapters.worker, startedAtMs: run.startedAtMs });
    case 'cancelled':
    case 'inTheWay':
      throw new CancelledFailure(reason.message);
  }
}

/** What is known of a run that has not ended by itself. */
type Begun = Pick<FileRun, 'startedAtMs' | 'output'>;

/** What a test had printed until it was handed back; null where there is nothing, or no time. */
async function saveWhatThereIs({ parcels }: TestAdapters, input: RunTestFileInput, { output }: Begun): Promise<string | null> {
  if (output === '') return null;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DEFAULTS.handBackSaveMs);
  });
  const saved = parcels.store([...placeOf(input), 'output.log'], output).catch(() => null);
  try {
    return await Promise.race([saved, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function toOutcome(adapters: TestAdapters, input: RunTestFileInput, run: LoadedRun): Promise<AttemptOutcome> {
  const { end } = run;
  const ran = (cases: readonly TestCase[]) => saveRun(adapters, input, run, cases);
  switch (end.kind) {
    case 'passed':
      return { ...(await ran(end.cases)), kind: 'passed' };
    case 'failed':
      return {
        ...(await ran(end.cases)),
        kind: 'failed',
        ...(areShielded(end.cases, input.shieldedCases ?? []) && { isShielded: true }),
      };
    case 'crashed':
      return { ...(await ran(end.cases)), kind: 'crashed', reason: end.reason };
    case 'noTests':
      return { ...(await ran(end.cases)), kind: 'noTests', isError: end.isError && input.part === undefined }; // The file’s cases may be in other parts.
    case 'timedOut':
      return { ...(await ran([])), kind: 'timedOut', deadline: end.deadline, deadlineMs: end.deadlineMs };
    case 'couldNotRun':
      return broken(end.reason);
    case 'aborted':
      throw new Error('An aborted attempt has no outcome.');
  }
}

/** Is every failure one that may be? A file that is red without a failed case is not. */
function areShielded(cases: readonly TestCase[], patterns: readonly string[]): boolean {
  const failed = cases.filter(({ status }) => status === 'failed');
  return failed.length > 0 && failed.every(({ name }) => isShielded(name, patterns));
}

/** Puts what is large into the object store, under a place of this dispatch alone, and keeps what is small. */
async function saveRun(
  { parcels }: TestAdapters,
  input: RunTestFileInput,
  run: LoadedRun,
  cases: readonly TestCase[],
): Promise<Ran> {
  const place = placeOf(input);
  const { output, durationMs, exitCode, signal, end, load } = run;
  const inlineBytes = input.id ? DEFAULTS.inlineReportBytesOfChunk : DEFAULTS.inlineReportBytes / (input.part?.of ?? 1); // All parts of a file travel together.
  const ran: Ran = {
    durationMs,
    exitCode,
    signal,
    counts: countCases(cases),
    failures: excerptFailures(cases, { count: DEFAULTS.failureExcerpts, characters: DEFAULTS.excerptCharacters }),
    outputTail: end.kind === 'passed' ? '' : tailOf(output, DEFAULTS.outputTailBytes),
    output: output === '' ? null : await parcels.store([...place, 'output.log'], output),
    report: await parcels.pack([...place, 'cases.json'], cases, inlineBytes),
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

/** Where in the object store a dispatch keeps what it leaves behind; no other dispatch shares it. */
function placeOf({ suite, runId, path, repeat, part, dispatch }: RunTestFileInput): readonly string[] {
  return ['runs', suite, runId, 'files', path, part ? `${repeat}.${dispatch}.part-${part.number}` : `${repeat}.${dispatch}`];
}
