import { DEFAULTS } from '../defaults.js';
import type { AttemptReport, SuiteReport } from '../model/suite-report.js';

/**
 * Why a run took longer than its bound, as phrases, costliest first; empty if it did not. A file longer than a slot's even share
 * of the work is named although the bound already includes it, because only splitting it helps.
 */
export function delaysOf({ run, files }: Pick<SuiteReport, 'run' | 'files'>): readonly string[] {
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
  const leastMs = Math.max(DEFAULTS.reportedDelay.share * boundMs, DEFAULTS.reportedDelay.leastMs);
  const causes = [
    {
      costMs: longest === undefined ? 0 : longest.durationMs - workMs / slots,
      phrase: `one long file (${longest?.path}, ${seconds(longest?.durationMs ?? 0)})`,
    },
    { costMs: lostMs / slots, phrase: `lost work (${seconds(lostMs)})` },
    { costMs: lateMs, phrase: `slots that started late (${seconds(lateMs)})` },
  ].filter(({ costMs }) => costMs > leastMs);
  const phrases = causes.sort((a, b) => b.costMs - a.costMs).map(({ phrase }) => phrase);
  const isUnexplained = phrases.length === 0 && over > leastMs;
  return isUnexplained ? [`idle slots (${seconds(over * slots)} in all)`] : phrases;
}

type ProcessRun = Pick<AttemptReport, 'startedAt' | 'durationMs'>;

/** The processes of an attempt: one, or one per part of its file. Parts that were green before did not run again. */
export function processesOf({ number, parts, startedAt, durationMs }: AttemptReport): readonly ProcessRun[] {
  return parts?.filter(({ attempt }) => attempt === number) ?? [{ startedAt, durationMs }];
}

/** How long slots waited for their first file, on average. Slots that never had a file add nothing. */
function lateStartMs(attempts: readonly ProcessRun[], firstMs: number, slots: number): number {
  const starts = attempts
    .map(({ startedAt }) => Date.parse(startedAt) - firstMs)
    .sort((a, b) => a - b)
    .slice(0, slots);
  return starts.reduce((total, ms) => total + ms, 0) / slots;
}

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
