import { Context } from '@temporalio/activity';
import { type CommonOfDispatch, type FileOfDispatch, OBJECTS, parse, QUERIES } from '../../core/border/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { messageOf, RunnerError } from '../../core/errors.js';
import type { AttemptOutcome, AttemptRecord, TestOutcome } from '../../core/model/attempt.js';
import { TIMEOUT_QUERY } from '../../core/model/change.js';
import { clashIn, portOf } from '../../core/model/clash.js';
import { testEnvironment } from '../../core/model/environment.js';
import type { Lease } from '../../core/model/lease.js';
import { type Part, workflowIdOf } from '../../core/model/suite.js';
import { type CaseSelection, selectionOf } from '../../core/plan/split.js';
import { causeOf } from '../../core/schedule/retry.js';
import type { Ahead, FileRun } from '../../frameworks/run-file.js';
import { handBack, stopOf } from './hand-back.js';
import { isRevoked } from './lease.js';
import { type LoadedRun, outcomeOf, saveOutput } from './outcome.js';
import type { TestAdapters } from './test-adapters.js';

/** One attempt at one test file. */
export type FileAttempt = CommonOfDispatch &
  FileOfDispatch & {
    /** Reports up to this size travel inside the record. */
    readonly inlineReportBytes: number;
  };

/** Where an attempt runs. `ahead`: the files that this slot runs next. */
type Placement = { readonly slot: number; readonly lease: Lease; readonly ahead?: Ahead };

/**
 * Runs one test file once, in a slot held for it. Calls `onPassed` when the file is green and only its output remains to be
 * saved. null if the attempt was stopped from outside without an outcome. Throws only if the work was taken away (see
 * isRevoked); any other error becomes the outcome `lost`.
 */
export async function attemptFile(
  adapters: TestAdapters,
  input: FileAttempt,
  { onPassed, ...placement }: Placement & { readonly onPassed: () => void },
): Promise<AttemptRecord | null> {
  const startedAtMs = Date.now();
  const { worker } = adapters;
  try {
    const unfit = await adapters.unfitReason();
    if (unfit !== null) return { worker, startedAtMs, outcome: broken(unfit) };
    const run = await runInSlot(adapters, input, placement);
    if (run.end.kind === 'passed') onPassed();
    const outcome = await conclude(adapters, input, run, placement.lease);
    return outcome && { worker, startedAtMs: run.startedAtMs, outcome };
  } catch (error) {
    if (isRevoked(error)) throw error;
    return { worker, startedAtMs, outcome: broken(error instanceof RunnerError ? error.what : messageOf(error)) };
  }
}

async function runInSlot(adapters: TestAdapters, input: FileAttempt, { slot, lease, ahead }: Placement): Promise<LoadedRun> {
  const { source, commit, framework, path, part, timeoutMs } = input;
  const before = input.after ?? input.needs;
  const { cwd } = await adapters.sources.locate({ source, commit, cwd: framework.cwd });
  const environment = await adapters.environmentOf(workflowIdOf(input.suite, input.runId));
  const within = framework.network === 'own' ? await adapters.ownNetwork() : undefined;
  const selection = part && (await casesOf(adapters, part));
  const endOfLoad = adapters.loadMeter.start();
  const stay = adapters.company.enter(path);
  const run = await adapters.fileRunner
    .runFile({
      framework: adapters.frameworkOf(framework.name),
      folder: { cwd, spec: framework, env: testEnvironment(environment, framework.env), ...(within && { within }) },
      file: path,
      runId: input.runId,
      estimateMs: input.estimateMs,
      variables: variablesOf(adapters, input, slot),
      ...(selection && { selection }),
      ...(ahead && { ahead }),
      ...(input.alone && { isAlone: true }),
      ...(before && { before }),
      limits: {
        timeoutMs,
        currentTimeoutMs: async () => (input.after ? timeoutMs : askForTimeout(timeoutMs, input.id)),
        killGraceMs: input.killGraceMs,
        lease,
      },
    })
    .finally(stay.end);
  return { ...run, load: endOfLoad(run.cpuMs), beside: stay.beside() };
}

/** The environment variables that describe the attempt to its tests. */
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
  const named = await claimChecks.unpack(part.named, OBJECTS.namedCases);
  if (named === null)
    throw new RunnerError('RUN_UNREADABLE', 'The object store here does not have the case names of this part of the file.');
  return selectionOf(part, named);
}

/** The current timeout, which a person may have extended. Without a quick answer, the original one. */
async function askForTimeout(timeoutMs: number, id: string): Promise<number> {
  const { client, info } = Context.current();
  const { workflowId, runId } = info.workflowExecution ?? {};
  if (workflowId === undefined) return timeoutMs;
  const ask = () => client.workflow.getHandle(workflowId, runId).query<number | null, [string]>(TIMEOUT_QUERY, id);
  try {
    const answer = parse(QUERIES.timeout.output, await client.withDeadline(Date.now() + DEFAULTS.timeoutAnswerMs, ask));
    return answer.kind === 'good' ? (answer.value ?? timeoutMs) : timeoutMs;
  } catch {
    return timeoutMs;
  }
}

/** Turns the run into an outcome; null if there is none. If the machine has become unfit, only a pass counts as a test result. */
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
  const unfit = await adapters.unfitReason();
  if (unfit !== null) return broken(unfit);
  const cause = causeOf(adapters.matcherOf(textOf(run)), { ...NO_PATTERNS, ...input.patterns });
  if (cause === 'infrastructure') {
    const reason = 'Its output matches one of the suite’s `infraErrors` patterns.';
    return { kind: 'lost', cause: 'infrastructure', reason, atMs: Date.now(), output: await saveOutput(adapters, input, run) };
  }
  const clash = run.beside.length > 0 ? clashIn(textOf(run)) : undefined;
  const port = clash && portOf(clash);
  const holder = port === undefined ? undefined : await adapters.holderOfPort(port);
  const outcome: TestOutcome = {
    ...(await outcomeOf(adapters, input, { ...run, end })),
    ...(run.beside.length > 0 && { beside: run.beside.slice(0, DEFAULTS.filesNamed) }),
    ...(clash && { clash: { ...clash, ...(holder !== undefined && { holder }) } }),
  };
  return cause === 'retry' ? outcome : { ...outcome, mayRepeat: false };
}

const NO_PATTERNS = { only: [], infrastructure: [] };

/** The text that patterns are matched against: the output, and the messages and stacks of the cases. */
function textOf({ output, end }: FileRun): string {
  const cases = 'cases' in end ? end.cases : [];
  return [output, ...cases.flatMap(({ message, stack }) => [message ?? '', stack ?? ''])].join('\n');
}

const broken = (reason: string): AttemptOutcome => ({ kind: 'lost', cause: 'broken', reason, atMs: Date.now() });
