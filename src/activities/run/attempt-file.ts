import { Context } from '@temporalio/activity';
import { DEFAULTS } from '../../core/defaults.js';
import { messageOf, RunnerError } from '../../core/errors.js';
import type { AttemptOutcome, AttemptRecord } from '../../core/model/attempt.js';
import { TIMEOUT_QUERY } from '../../core/model/change.js';
import { testEnvironment } from '../../core/model/environment.js';
import type { Lease } from '../../core/model/lease.js';
import type { FrameworkSpec, Part, Source } from '../../core/model/suite.js';
import { type CaseSelection, selectionOf } from '../../core/plan/split.js';
import { causeOf, type RetryPolicy } from '../../core/schedule/retry.js';
import type { Ahead, FileRun } from '../../frameworks/run-file.js';
import { handBack, stopOf } from './hand-back.js';
import { isTakenAway } from './lease.js';
import { type LoadedRun, outcomeOf, saveOutput } from './outcome.js';
import type { TestAdapters } from './test-adapters.js';

/** One attempt at one test file. */
export type FileAttempt = {
  readonly suite: string;
  readonly runId: string;
  readonly path: string;
  readonly repeat: number;
  /** Names this attempt in its workflow: `f12.1`. */
  readonly id: string;
  /** From 1; what the tests see as HOLDFAST_ATTEMPT. Losses do not count. */
  readonly attempt: number;
  /** From 1, losses included: no two dispatches of a file share it, so what a lost one leaves behind is never read. */
  readonly dispatch: number;
  readonly source: Source;
  readonly commit: string | null;
  readonly framework: FrameworkSpec;
  /** Only these of its cases. */
  readonly part?: Part;
  readonly timeoutMs: number;
  /** Expected duration; null where there is no record. */
  readonly estimateMs: number | null;
  /** Between SIGTERM and SIGKILL at the deadline. */
  readonly killGraceMs: number;
  /** Patterns matched against the output of a red attempt. */
  readonly patterns?: Pick<RetryPolicy, 'only' | 'infrastructure'>;
  /** Cases that may fail. */
  readonly quarantinedCases?: readonly string[];
  /** Reports up to this size travel inside the record. */
  readonly inlineReportBytes: number;
};

/** Where an attempt runs. `ahead`: of several files, those this slot runs next. */
type Here = { readonly slot: number; readonly lease: Lease; readonly ahead?: Ahead };

/**
 * Runs one test file once, in a slot that is held for it. `onPassed` is called when its process ended green and only its output is still to be
 * saved. null when it was ended from outside and said nothing. Throws only when the work was taken away: what could not be found out is an outcome.
 */
export async function attemptFile(
  adapters: TestAdapters,
  input: FileAttempt,
  { onPassed, ...here }: Here & { readonly onPassed: () => void },
): Promise<AttemptRecord | null> {
  const begunAtMs = Date.now();
  const { worker } = adapters;
  try {
    const unfit = await adapters.whyUnfit();
    if (unfit !== null) return { worker, startedAtMs: begunAtMs, outcome: broken(unfit) };
    const run = await runHere(adapters, input, here);
    if (run.end.kind === 'passed') onPassed();
    const outcome = await conclude(adapters, input, run, here.lease);
    return outcome && { worker, startedAtMs: run.startedAtMs, outcome };
  } catch (error) {
    if (isTakenAway(error)) throw error;
    return { worker, startedAtMs: begunAtMs, outcome: broken(error instanceof RunnerError ? error.what : messageOf(error)) };
  }
}

async function runHere(adapters: TestAdapters, input: FileAttempt, { slot, lease, ahead }: Here): Promise<LoadedRun> {
  const { source, commit, framework, path, part, timeoutMs } = input;
  const { cwd } = await adapters.sources.locate({ source, commit, cwd: framework.cwd });
  const selection = part && (await casesOf(adapters, part));
  const endOfLoad = adapters.loadMeter.start();
  const run = await adapters.fileRunner.runFile({
    framework: adapters.frameworkOf(framework.name),
    folder: { cwd, spec: framework, env: testEnvironment(adapters.environment, framework.env) },
    file: path,
    runId: input.runId,
    estimateMs: input.estimateMs,
    variables: variablesOf(adapters, input, slot),
    ...(selection && { selection }),
    ...(ahead && { ahead }),
    limits: {
      timeoutMs,
      currentTimeoutMs: () => askForTimeout(timeoutMs, input.id),
      killGraceMs: input.killGraceMs,
      lease,
    },
  });
  return { ...run, load: endOfLoad(run.cpuMs) };
}

/** What the tests of this attempt find in their environment. */
function variablesOf({ slots, worker }: TestAdapters, { runId, path, attempt, part }: FileAttempt, slot: number) {
  return {
    HOLDFAST_RUN_ID: runId,
    HOLDFAST_FILE: path,
    HOLDFAST_ATTEMPT: String(attempt),
    HOLDFAST_SLOT: String(slot),
    HOLDFAST_SLOTS: String(slots.count),
    HOLDFAST_WORKER: worker,
    ...(part && { HOLDFAST_PART: `${part.number}/${part.of}` }),
  };
}

async function casesOf({ claimChecks }: TestAdapters, part: Part): Promise<CaseSelection> {
  const named = await claimChecks.unpack(part.named);
  if (named === null)
    throw new RunnerError('RUN_UNREADABLE', 'Which cases this part of the file has is not in the object store here.');
  return selectionOf(part, named);
}

/** A person may have extended the deadline meanwhile. Where no answer comes soon, it stands. */
async function askForTimeout(timeoutMs: number, id: string): Promise<number> {
  const { client, info } = Context.current();
  const { workflowId, runId } = info.workflowExecution ?? {};
  if (workflowId === undefined) return timeoutMs;
  const ask = () => client.workflow.getHandle(workflowId, runId).query<number | null, [string]>(TIMEOUT_QUERY, id);
  try {
    return (await client.withDeadline(Date.now() + DEFAULTS.timeoutAnswerMs, ask)) ?? timeoutMs;
  } catch {
    return timeoutMs;
  }
}

/** What the run means for the file. On a machine that became unfit meanwhile, only a pass says something of the test. */
async function conclude(
  adapters: TestAdapters,
  input: FileAttempt,
  run: LoadedRun,
  lease: Lease,
): Promise<AttemptOutcome | null> {
  const { end } = run;
  if (end.kind === 'aborted') return handBack(adapters, input, run, stopOf(lease));
  if (end.kind === 'couldNotRun') return broken(end.reason);
  if (end.kind === 'passed') return outcomeOf(adapters, input, { ...run, end });
  const unfit = await adapters.whyUnfit();
  if (unfit !== null) return broken(unfit);
  const cause = causeOf(textOf(run), { ...NO_PATTERNS, ...input.patterns });
  if (cause === 'infrastructure') {
    const reason = 'Its output matches one of the suite’s `infraErrors` patterns.';
    return { kind: 'lost', cause: 'infrastructure', reason, atMs: Date.now(), output: await saveOutput(adapters, input, run) };
  }
  const outcome = await outcomeOf(adapters, input, { ...run, end });
  return cause === 'retry' ? outcome : { ...outcome, mayRepeat: false };
}

const NO_PATTERNS = { only: [], infrastructure: [] };

/** All that a red attempt wrote: its output, and the messages of its cases. */
function textOf({ output, end }: FileRun): string {
  const cases = 'cases' in end ? end.cases : [];
  return [output, ...cases.flatMap(({ message, stack }) => [message ?? '', stack ?? ''])].join('\n');
}

const broken = (reason: string): AttemptOutcome => ({ kind: 'lost', cause: 'broken', reason, atMs: Date.now() });
