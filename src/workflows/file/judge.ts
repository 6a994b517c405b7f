import { condition, isCancellation, sleep } from '@temporalio/workflow';
import { type AttemptOutcome, type AttemptRecord, nextStep } from '../../core/model/attempt.js';
import { REASONS } from '../../core/model/change.js';
import type { Copy, FileResult, PlannedFile, SuiteInput } from '../../core/model/suite.js';
import { delayBefore, RETRY_AT_ONCE } from '../../core/schedule/retry.js';
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

/** What has been tried of a file so far. */
type Tried = { readonly attempts: readonly AttemptRecord[]; readonly copies?: readonly Copy[] };

/** The verdict of a file, where what was tried decides it, or a person has; null where it goes on. */
export function verdictSoFar(file: PlannedFile, { attempts, copies = [] }: Tried, { input, orders }: Drive): FileResult | null {
  const asked = orders.endingOf(file.path);
  if (asked) return resultOf(file, { attempts, copies }, asked);
  const outcomes = attempts.map(({ outcome }) => outcome);
  const step = nextStep(outcomes, budgetOf(file, input));
  if (step.kind !== 'done') return null;
  const reason = whyFlaky(outcomes);
  const result = resultOf(file, { attempts, copies }, { verdict: step.verdict, ...(reason !== undefined && { reason }) });
  return shielded(file, result, orders.quarantineOf(file.path));
}

function budgetOf({ retries }: PlannedFile, { budget: { maxAttempts, maxLosses } }: SuiteInput) {
  return { maxAttempts: retries === undefined ? maxAttempts : retries + 1, maxLosses };
}

function resultOf(
  file: PlannedFile,
  { attempts, copies = [] }: Tried,
  { verdict, reason }: Pick<FileResult, 'verdict' | 'reason'>,
): FileResult {
  return { ...file, verdict, attempts, ...(copies.length > 0 && { copies }), ...(reason !== undefined && { reason }) };
}

/**
 * Brings one file to its verdict through red attempts and lost workers, unless a person or the end of its run comes first. Never throws.
 */
export async function judge({ file, number, opening, seat, shared }: Admitted, drive: Drive): Promise<FileResult> {
  const { input, commit, board, orders, stragglers, allowances, maxInFlight, whyStopped } = drive;
  const attempts: AttemptRecord[] = shared ? [shared] : [];
  const handedBack = shared === null ? 1 : 0;
  const copies: Copy[] = [];
  /** Red attempts for which a repeat was granted. */
  let repeated = 0;
  const tried = { attempts, copies };
  try {
    for (;;) {
      const result = verdictSoFar(file, tried, drive);
      if (result !== null) return result;
      const outcomes = attempts.map(({ outcome }) => outcome);
      const reds = outcomes.filter(({ kind }) => kind !== 'lost').length;
      const isRepeat = reds > 0 && outcomes.at(-1)?.kind !== 'lost';
      if (isRepeat && repeated < reds) {
        if (!(await allowances.repeats.take())) {
          const reason = REASONS.retriesUsedUp(allowances.repeats.limit);
          return shielded(file, resultOf(file, tried, { verdict: 'failed', reason }), orders.quarantineOf(file.path));
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
    const reason = whyStopped() ?? REASONS.cancelledByUser(THE_RUN);
    return resultOf(file, tried, asked ?? { verdict: 'notRun', reason });
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
