import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { Framework } from '../framework.js';
import { type FileRequest, type FileRun, judge, type RunFile } from '../run-file.js';
import type { Sessions } from './sessions.js';
import { type StartTimes, suiteKeyOf } from './start-times.js';

const answer = z.union([
  z.object({
    /** Where an order asks for several. */
    file: z.string().optional(),
    exitCode: z.number(),
    report: z.string().nullable().default(null),
    left: z.array(z.string()).default([]),
    /** What the file took, and where its output ends: where it was not waited for alone. */
    durationMs: z.number().optional(),
    outputEnd: z.number().optional(),
    /** Processor time of the file, where the process can tell it from that of others. */
    cpuMs: z.number().optional(),
    /** It goes on with no other file of the order. */
    isLast: z.boolean().default(false),
    /** What a call for several takes beside them, where the process knows. */
    callMs: z.number().optional(),
  }),
  /** How the process of its own ended that the file had, by number. */
  z.object({ signal: z.number() }),
  /** It runs nothing in this suite, and never will. */
  z.object({ cannot: z.string() }),
]);

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
    const isTogether = isUnderWay || process.ahead.length > 0;
    const served = await process.serve(
      order && JSON.stringify({ ...order.words, env: { ...variables, ...order.env } }),
      limits,
      (line) => {
        const said = answerOf(line);
        if (isTogether && !answersFor(file, said)) return null;
        return { told: said, isLast: process.ahead.length === 0 || isLastOf(said) };
      },
    );
    const said = served.kind === 'answered' ? served.told : null;
    if (said && 'cannot' in said) return said;
    if (isLastOf(said)) process.ahead = [];
    const told = said && 'exitCode' in said ? said : null;
    const exitCode = told?.exitCode ?? (served.kind === 'exited' ? served.exitCode : null);
    const signal = said && 'signal' in said ? nameOfSignal(said.signal) : served.kind === 'signalled' ? served.signal : null;
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
    const isBelieved = said !== null && warm.believed === 'all' && !isTogether;
    // What is not believed runs by itself now: nothing else may run in its slot meanwhile.
    isClean = said !== null && left.length === 0 && (end.kind === 'passed' || isBelieved || process.ahead.length === 0);
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

type Answer = z.infer<typeof answer>;

const isLastOf = (said: Answer | null) => said !== null && 'exitCode' in said && said.isLast;

const answersFor = (file: string, said: Answer | null) => said !== null && (!('file' in said) || said.file === file);

/** null for what is no answer: a test may have written to the channel. */
function answerOf(line: string): Answer | null {
  try {
    return answer.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
