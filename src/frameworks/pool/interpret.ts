import { constants } from 'node:os';
import type { Evidence, Reading, WarmSupport } from '../framework.js';
import { fateOf } from '../run-alone.js';
import type { FileRun } from '../run-file.js';
import type { Turn } from './session.js';

/** What a turn means for its file and for the session. */
export type Interpreted = {
  readonly result:
    | { readonly kind: 'counts'; readonly run: FileRun }
    /**
     * Not green, possibly because of the files in `after`, which ran before it in the same process; or green, but not for certain,
     * because of what it `leavesOpen`.
     */
    | { readonly kind: 'doubtful'; readonly after: readonly string[]; readonly leavesOpen: boolean }
    /** The session cannot run any file of this suite. */
    | { readonly kind: 'cannot'; readonly reason: string };
  /** The session may run another file. */
  readonly isReusable: boolean;
  /** Descriptions of what the file left behind in the session. */
  readonly left: readonly string[];
};

type Context = Pick<WarmSupport, 'isIsolated'> & {
  /** The files of the session are the company that the file is to have: it counts as it is there. */
  readonly isCompany?: boolean;
  readonly request: Pick<Evidence, 'file' | 'cwd' | 'spec' | 'selection'>;
  /** Text of the report file; null if the file is missing, undefined if the answer carries the report. */
  readonly reportText: string | null | undefined;
  readonly read: (evidence: Evidence) => Reading;
};

/** Pure. Green outcomes count if they are certain; red ones may be the session's doing. */
export function interpret(turn: Turn, { request, reportText, read, isIsolated, isCompany = false }: Context): Interpreted {
  const { received, isShared, waitedForCall, goesOn, before, output } = turn;
  const answer = received.kind === 'received' ? received.value : null;
  if (answer?.kind === 'cannot') return { result: answer, isReusable: false, left: [] };

  const exited = answer?.kind === 'exited' ? answer : null;
  const { exitCode, signal } = exitOf(turn);
  const report = reportText === undefined ? (exited?.report ?? null) : reportText;
  const evidence = {
    ...request,
    exitCode,
    signal,
    reportText: report,
    reportExpected: true,
    durationMs: exited?.durationMs ?? received.durationMs,
  };
  const end = fateOf(received, () => read(evidence));
  const ownMs = exited?.durationMs ?? ('ownMs' in end ? end.ownMs : undefined);
  const durationMs = ownMs ?? received.durationMs;

  const left = exited?.left ?? [];
  // A file whose outcome does not count is now rerun on its own, and nothing else may run in its slot meanwhile.
  const isCompanyOf = isCompany && exited?.hasBegun !== false; // The process ended while it loaded files: nobody knows which.
  const isReusable = answer !== null && left.length === 0 && (end.kind === 'passed' || isCompanyOf || !goesOn);
  const leavesOpen = exited?.mayStillFail ?? false;
  const isGreen = end.kind === 'passed';
  const counts = (isGreen && !leavesOpen) || end.kind === 'timedOut' || end.kind === 'aborted' || isCompanyOf;
  const isAlone = (isIsolated && !isShared) || exited?.hasBegun === false;
  if (!counts) return { result: { kind: 'doubtful', after: isGreen || isAlone ? [] : before, leavesOpen }, isReusable, left };

  const includesCall = waitedForCall || (!isShared && exited?.durationMs === undefined && ownMs !== undefined);
  const callMs = exited?.callMs || (includesCall ? Math.max(0, received.durationMs - durationMs) : undefined);
  const run: FileRun = {
    startedAtMs: received.startedAtMs,
    durationMs,
    cpuMs: exited?.cpuMs ?? (isShared ? null : received.cpuMs), // Unknown for one of several files.
    exitCode,
    signal,
    output,
    end,
    ...(callMs !== undefined && { callMs }),
  };
  return { result: { kind: 'counts', run }, isReusable, left };
}

/** From the answer, or else from how the session itself ended. */
function exitOf({ received }: Turn): Pick<Evidence, 'exitCode' | 'signal'> {
  const end = received.kind === 'received' ? received.value : received;
  if (end.kind === 'exited') return { exitCode: end.exitCode, signal: null };
  if (end.kind !== 'signalled') return { exitCode: null, signal: null };
  return { exitCode: null, signal: typeof end.signal === 'number' ? nameOf(end.signal) : end.signal };
}

function nameOf(signal: number): string {
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? String(signal);
}
