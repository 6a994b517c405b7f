import { condition, isCancellation, sleep } from '@temporalio/workflow';
import { type AttemptOutcome, type AttemptRecord, nextStep } from '../core/attempt.js';
import { REASONS } from '../core/change.js';
import { delayBefore, RETRY_AT_ONCE } from '../core/retry.js';
import type { Copy, FileResult, PlannedFile } from '../core/suite.js';
import { dispatch, type Turn } from './dispatch.js';
import type { Drive } from './drive-files.js';
import type { Seat } from './seat.js';
import type { Raced } from './stragglers.js';

type Admitted = {
  readonly file: PlannedFile;
  readonly number: number;
  readonly opening: boolean;
  readonly seat: Seat;
  /** What came of a turn that it shared with other files; null when it did not come to that. */
  readonly shared?: AttemptRecord | null;
};

/**
 * Brings one file to its verdict through red attempts and lost workers, unless a person or the end of its run comes first. Never throws.
 */
export async function judge({ file, number, opening, seat, shared }: Admitted, drive: Drive): Promise<FileResult> {
  const { input, commit, board, orders, stragglers, allowances, maxInFlight, whyStopped } = drive;
  const { maxAttempts, maxLosses } = input.budget;
  const budget = { maxAttempts: file.retries === undefined ? maxAttempts : file.retries + 1, maxLosses };
  const attempts: AttemptRecord[] = shared ? [shared] : [];
  const handedBack = shared === null ? 1 : 0;
  const copies: Copy[] = [];
  /** Red attempts for which a repeat was granted. */
  let repeated = 0;
  const end = (verdict: FileResult['verdict'], reason?: string): FileResult => ({
    ...file,
    verdict,
    attempts,
    ...(copies.length > 0 && { copies }),
    ...(reason !== undefined && { reason }),
  });
  try {
    for (;;) {
      const asked = orders.endingOf(file.path);
      if (asked) return end(asked.verdict, asked.reason);
      const outcomes = attempts.map(({ outcome }) => outcome);
      const step = nextStep(outcomes, budget);
      if (step.kind === 'done') return shielded(file, end(step.verdict, whyFlaky(outcomes)), orders.quarantineOf(file.path));
      const reds = outcomes.filter(({ kind }) => kind !== 'lost').length;
      const isRepeat = reds > 0 && outcomes.at(-1)?.kind !== 'lost';
      if (isRepeat && repeated < reds) {
        if (!(await allowances.repeats.take())) {
          const usedUp = end('failed', REASONS.retriesUsedUp(allowances.repeats.limit));
          return shielded(file, usedUp, orders.quarantineOf(file.path));
        }
        repeated = reds;
        await orders.endable([file.path], () => putOff(reds, seat, drive));
      }
      if (!seat.isTaken) {
        board.waits(file, seat);
        await orders.endable([file.path], () => seat.take());
        board.waitsNoMore(file);
      }
      if (maxInFlight() === 0) {
        await condition(() => maxInFlight() !== 0 || orders.endingOf(file.path) !== undefined); // Paused: repeats wait too.
        continue;
      }
      const turn = {
        file,
        number,
        opening,
        dispatch: attempts.length + handedBack + 1,
        attempt: reds + 1,
        deadlineMs: orders.deadlineMsOf(file),
        ...(isRepeat && input.retry?.when === 'end' && !seat.holdsClaims && { isAtEnd: true as const }),
        ...(isRepeat && preferredFor(attempts, board.workers)),
      };
      board.dispatched(turn);
      const run = (one: Turn) => dispatch(one, { input, commit, onGone: (worker) => board.missed(worker) });
      // Straight where no copy can be wanted: histories of a version without them must replay, step by step.
      const told = await orders.endable<AttemptRecord | Raced>([file.path], () =>
        stragglers.mayCopy ? stragglers.race(turn, run) : run(turn),
      );
      const { records, copy }: Raced = 'records' in told ? told : { records: [told] };
      if (copy) copies.push(copy);
      for (const record of records) board.ended(record);
      attempts.push(...records);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    const asked = orders.endingOf(file.path);
    if (asked) return end(asked.verdict, asked.reason);
    return end('notRun', whyStopped() ?? REASONS.cancelledByUser(THE_RUN));
  }
}

/** What no attempt tells of a file that passed at once. */
function whyFlaky(outcomes: readonly AttemptOutcome[]): string | undefined {
  const last = outcomes.at(-1);
  return last?.kind === 'passed' && last.redAfter ? REASONS.redAfterOthers(last.redAfter) : undefined;
}

/** Waits until a red file may be repeated, and makes room meanwhile. Whoever holds what others wait for does not wait. */
async function putOff(nth: number, seat: Seat, { input: { retry = RETRY_AT_ONCE }, isAllAdmitted }: Drive): Promise<void> {
  const delayMs = delayBefore(nth, retry, Math.random()); // Temporal's own: the same in every replay.
  if (delayMs === 0 && (retry.when === 'now' || isAllAdmitted())) return;
  if (seat.holdsClaims) return delayMs > 0 ? sleep(delayMs) : undefined;
  seat.leave();
  if (delayMs > 0) await sleep(delayMs);
  if (retry.when === 'end') await condition(isAllAdmitted);
}

/** A worker that has not tried the file, on another machine if there is one; where all have, the one that tried it first. Never the last. */
function preferredFor(attempts: readonly AttemptRecord[], workers: readonly string[]): { preferred?: string } {
  const tried = attempts.flatMap(({ worker }) => worker ?? []);
  const hosts = new Set(tried.map(hostOf));
  const others = workers.filter((worker) => worker !== tried.at(-1));
  const [preferred] = others.toSorted(
    (a, b) => tried.lastIndexOf(a) - tried.lastIndexOf(b) || Number(hosts.has(hostOf(a))) - Number(hosts.has(hostOf(b))),
  );
  return preferred === undefined ? {} : { preferred };
}

const hostOf = (worker: string) => worker.split('/')[0];

/** What the quarantine, and a person, make of a file's verdict. */
function shielded(file: PlannedFile, result: FileResult, byUser: string | undefined): FileResult {
  const { shield } = file;
  if (result.verdict === 'passed' && shield?.cases === null && !shield.isExpired)
    return { ...result, reason: REASONS.quarantineUnneeded(shield.reason) };
  if (result.verdict !== 'failed') return result;
  if (byUser !== undefined) return { ...result, verdict: 'quarantined', reason: byUser };
  if (shield === undefined) return result;
  if (shield.isExpired) return { ...result, reason: REASONS.quarantineExpired(shield.reason) };
  const covers = shield.cases === null || isShielded(result.attempts.at(-1)?.outcome);
  return covers ? { ...result, verdict: 'quarantined', reason: REASONS.quarantined(shield.reason) } : result;
}

const isShielded = (outcome: AttemptOutcome | undefined) =>
  outcome !== undefined && outcome.kind !== 'lost' && outcome.isShielded === true;

/** Who cancelled a run is not told with a cancellation. */
export const THE_RUN = 'the run was cancelled';
