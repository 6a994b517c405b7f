import { constants } from 'node:os';
import type { Evidence, Reading, WarmSupport } from '../framework.js';
import { fateOf } from '../run-alone.js';
import type { FileRun } from '../run-file.js';
import type { Turn } from './session.js';

/** What a turn in a session means for its file, and for the session. */
export type Interpreted = {
  readonly result:
    | { readonly kind: 'counts'; readonly run: FileRun }
    /** Not green, which may be the fault of `after`, files that ran before it in the same process. */
    | { readonly kind: 'doubtful'; readonly after: readonly string[] }
    /** No file of the suite can run in a session. */
    | { readonly kind: 'cannot'; readonly reason: string };
  /** The session may have another file. */
  readonly isReusable: boolean;
  /** What the file left behind in it, in words. */
  readonly left: readonly string[];
};

type Context = Pick<WarmSupport, 'isIsolated' | 'believed'> & {
  readonly request: Pick<Evidence, 'file' | 'cwd' | 'spec' | 'selection'>;
  /** Text of the report file, null where there is none; undefined where the answer has the report. */
  readonly reportText: string | null | undefined;
  readonly read: (evidence: Evidence) => Reading;
};

/** Pure: only green counts, and what is believed of a file that shared nothing. */
export function interpret(turn: Turn, { request, reportText, read, isIsolated, believed }: Context): Interpreted {
  const { received, isShared, waitedForCall, goesOn, before, output } = turn;
  const answer = received.kind === 'received' ? received.value : null;
  if (answer?.kind === 'cannot') return { result: answer, isReusable: false, left: [] };

  const exited = answer?.kind === 'exited' ? answer : null;
  const { exitCode, signal } = exitOf(turn);
  const durationMs = exited?.durationMs ?? received.durationMs;
  const report = reportText === undefined ? (exited?.report ?? null) : reportText;
  const evidence = { ...request, exitCode, signal, reportText: report, reportExpected: true, durationMs };
  const end = fateOf(received, () => read(evidence));

  const isBelieved = answer !== null && believed === 'all' && !isShared;
  const left = exited?.left ?? [];
  // A file that does not count runs by itself now: nothing else may run in its slot meanwhile.
  const isReusable = answer !== null && left.length === 0 && (end.kind === 'passed' || isBelieved || !goesOn);
  const counts = isBelieved || end.kind === 'passed' || end.kind === 'timedOut' || end.kind === 'aborted';
  if (!counts) return { result: { kind: 'doubtful', after: isIsolated && !isShared ? [] : before }, isReusable, left };

  const callMs = exited?.callMs || (waitedForCall ? Math.max(0, received.durationMs - durationMs) : undefined);
  const run: FileRun = {
    startedAtMs: received.startedAtMs,
    durationMs,
    cpuMs: exited?.cpuMs ?? (isShared ? null : received.cpuMs), // Not known of one of several.
    exitCode,
    signal,
    output,
    end,
    ...(callMs !== undefined && { callMs }),
  };
  return { result: { kind: 'counts', run }, isReusable, left };
}

/** As the answer has it, or as the session itself ended. */
function exitOf({ received }: Turn): Pick<Evidence, 'exitCode' | 'signal'> {
  const end = received.kind === 'received' ? received.value : received;
  if (end.kind === 'exited') return { exitCode: end.exitCode, signal: null };
  if (end.kind !== 'signalled') return { exitCode: null, signal: null };
  return { exitCode: null, signal: typeof end.signal === 'number' ? nameOf(end.signal) : end.signal };
}

function nameOf(signal: number): string {
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? String(signal);
}
