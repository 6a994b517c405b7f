import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import path from 'node:path';
import type { Framework } from '../framework.js';
import { type FileRequest, type FileRun, judge, type RunFile } from '../run-file.js';
import { type Answer, type Order, parseAnswer } from './protocol.js';
import type { Sessions } from './sessions.js';
import { type StartTimes, suiteKeyOf } from './start-times.js';

/**
 * Runs files in processes that are kept. Where a file may see what another one left, only green is believed, and `cold`, a process for each file,
 * tells of the rest: only what a file says by itself counts against it. One that is red after others and green by itself is told with those that
 * ran before it.
 */
export function createRunWarm(cold: RunFile, { sessions, starts, workFolder, log }: WarmParts): RunFile {
  const unfit = new Set<string>();
  return async (request) => {
    const { framework, folder } = request;
    const suite = suiteKeyOf(folder);
    if (!framework.warm || !folder.spec.warm || unfit.has(suite)) return cold(request);
    if (framework.warm.isFor?.(folder) === false) return cold(request);
    const mustPay = folder.spec.warm === 'auto' || (framework.warm.isACall && !request.ahead);
    if (mustPay && !(await starts.areDear(folder, request.estimateMs))) {
      const alone = await cold(request);
      await starts.learn(folder, alone);
      return alone;
    }
    const run = await tryWarm(request, framework.warm, { sessions, workFolder });
    if ('cannot' in run) {
      unfit.add(suite);
      log(`Files of ${folder.cwd} run in a process each: ${run.cannot}.`);
      return cold(request);
    }
    if (run.left.length > 0)
      log(`${request.file} leaves something behind for the next file: ${run.left.join('; ')}. It gets a new process.`);
    const { kind } = run.end;
    if (kind === 'passed' || kind === 'timedOut' || kind === 'aborted') return run;
    if (run.isBelieved) return run;
    const alone = await cold(request);
    return alone.end.kind === 'passed' && run.before.length > 0 ? { ...alone, redAfter: run.before } : alone;
  };
}

export type WarmParts = {
  readonly sessions: Sessions;
  readonly starts: StartTimes;
  readonly workFolder: string;
  /** A line for the worker's own log. */
  readonly log: (line: string) => void;
};

type WarmRun = FileRun & { readonly isBelieved: boolean; readonly before: readonly string[]; readonly left: readonly string[] };

async function tryWarm(
  { framework, folder, file, runId, variables, selection, ahead, limits }: FileRequest,
  warm: NonNullable<Framework['warm']>,
  { sessions, workFolder }: Pick<WarmParts, 'sessions' | 'workFolder'>,
): Promise<WarmRun | { readonly cannot: string }> {
  let scratch: string | undefined;
  const makeScratch = async () => {
    scratch = await mkdtemp(path.join(workFolder, 'attempt-'));
    return scratch;
  };
  const process = await sessions.take(folder, { file, runId, mayRepeat: warm.isIsolated }, (...own) =>
    warm.start(folder, ...own),
  );
  let isClean = false;
  try {
    const isUnderWay = process.ahead[0] === file;
    const wanted = [file, ...(ahead?.files ?? [])] as const;
    const order = isUnderWay ? null : await warm.order(folder, wanted, makeScratch, selection);
    process.ahead = order === null ? process.ahead.slice(1) : wanted.slice(1, order.takes);
    const message: Order | null = order && {
      kind: 'run',
      files: wanted.slice(0, order.takes),
      env: { ...variables, ...order.env },
      options: order.options,
    };
    const isTogether = isUnderWay || process.ahead.length > 0;
    const served = await process.serve(message && JSON.stringify(message), limits, (line) => {
      const answer = parseAnswer(line);
      if (answer === null || !answersFor(file, answer)) return null;
      return { told: answer, isLast: process.ahead.length === 0 || isLastOf(answer) };
    });
    const answer = served.kind === 'answered' ? served.told : null;
    if (answer?.kind === 'cannot') return { cannot: answer.reason };
    if (isLastOf(answer)) process.ahead = [];
    const told = answer?.kind === 'exited' ? answer : null;
    const exitCode = told?.exitCode ?? (served.kind === 'exited' ? served.exitCode : null);
    const signal =
      answer?.kind === 'signalled' ? nameOfSignal(answer.signal) : served.kind === 'signalled' ? served.signal : null;
    const left = told?.left ?? [];
    const durationMs = told?.durationMs ?? served.durationMs;
    const callMs = told?.callMs ?? served.durationMs - durationMs;
    const isFirstOfCall = order !== null && isTogether && process.files.length > 1; // The first call waits for the process too.
    const reportText = order?.reportPath ? await readFile(order.reportPath, 'utf8').catch(() => null) : (told?.report ?? null);
    const evidence = {
      exitCode,
      signal,
      reportText,
      reportExpected: true,
      durationMs,
      file,
      cwd: folder.cwd,
      ...(selection && { selection }),
    };
    const end = judge(served, () => framework.read(evidence));
    const isBelieved = answer !== null && warm.believed === 'all' && !isTogether;
    // What is not believed runs by itself now: nothing else may run in its slot meanwhile.
    isClean = answer !== null && left.length === 0 && (end.kind === 'passed' || isBelieved || process.ahead.length === 0);
    return {
      startedAtMs: served.startedAtMs,
      durationMs,
      cpuMs: told?.cpuMs ?? (isTogether ? null : served.cpuMs), // Not known of one of several.
      exitCode,
      signal,
      output: process.readOutput(told?.outputEnd),
      end,
      isBelieved,
      before: warm.isIsolated && !isTogether ? [] : process.files.slice(0, -1),
      left,
      ...((isFirstOfCall || told?.callMs) && { callMs: Math.max(0, callMs) }),
    };
  } finally {
    await sessions.giveBack(process, isClean, ahead?.signal);
    if (scratch !== undefined) await rm(scratch, { recursive: true, force: true });
  }
}

function nameOfSignal(number: number): string {
  return Object.entries(constants.signals).find(([, own]) => own === number)?.[0] ?? String(number);
}

const isLastOf = (answer: Answer | null) => answer?.kind === 'exited' && answer.isLast === true;

/** Is this about the file, or about all files? */
const answersFor = (file: string, answer: Answer) => answer.kind === 'cannot' || ('file' in answer && answer.file === file);
