import { DEFAULTS } from '../defaults.js';
import type { AttemptReport, SuiteReport } from '../model/suite-report.js';

/**
 * Why a run took longer than its bound, in the order of what each has cost, a part of a sentence each; none where it kept to it. The bound knows
 * one file that is longer than all others share: that is told too, for only a split helps.
 */
export function heldBackBy({ run, files }: Pick<SuiteReport, 'run' | 'files'>): readonly string[] {
  const { makespanMs, boundMs, slots } = run;
  if (boundMs <= 0 || slots < 1) return [];
  const attempts = files.flatMap((file) =>
    file.attempts.flatMap(processesOf).map((process) => ({ path: file.path, ...process })),
  );
  const workMs = attempts.reduce((total, { durationMs }) => total + durationMs, 0);
  const longest = attempts.toSorted((a, b) => b.durationMs - a.durationMs)[0];
  const lostMs = files.flatMap(({ losses }) => losses).reduce((total, loss) => total + loss.lostMs, 0);
  const firstMs = Math.min(...attempts.map(({ startedAt }) => Date.parse(startedAt)));
  const lateMs = lateStartMs(attempts, firstMs, slots);
  const over = makespanMs - boundMs;
  const leastMs = Math.max(DEFAULTS.heldBack.share * boundMs, DEFAULTS.heldBack.leastMs);
  const causes = [
    {
      costMs: longest === undefined ? 0 : longest.durationMs - workMs / slots,
      what: `one long file (${longest?.path}, ${seconds(longest?.durationMs ?? 0)})`,
    },
    { costMs: lostMs / slots, what: `lost work (${seconds(lostMs)})` },
    { costMs: lateMs, what: `slots that started late (${seconds(lateMs)})` },
  ].filter(({ costMs }) => costMs > leastMs);
  const phrases = causes.sort((a, b) => b.costMs - a.costMs).map(({ what }) => what);
  const isUnexplained = phrases.length === 0 && over > leastMs;
  return isUnexplained ? [`idle slots (${seconds(over * slots)} in all)`] : phrases;
}

type ProcessRun = Pick<AttemptReport, 'startedAt' | 'durationMs'>;

/** What ran for an attempt: one process, or one for each part of its file. A part that was green is not repeated. */
export function processesOf({ number, parts, startedAt, durationMs }: AttemptReport): readonly ProcessRun[] {
  return parts?.filter(({ attempt }) => attempt === number) ?? [{ startedAt, durationMs }];
}

/** How long the slots waited for their first file, on average; a slot that never had one waited for nothing. */
function lateStartMs(attempts: readonly ProcessRun[], firstMs: number, slots: number): number {
  const starts = attempts
    .map(({ startedAt }) => Date.parse(startedAt) - firstMs)
    .sort((a, b) => a - b)
    .slice(0, slots);
  return starts.reduce((total, ms) => total + ms, 0) / slots;
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
