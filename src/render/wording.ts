import type { Rate } from '../core/history/flakiness.js';
import type { LossCause } from '../core/model/attempt.js';
import type { CaseCounts } from '../core/model/cases.js';
import type { LossReport } from '../core/model/suite-report.js';
import type { AttemptView, FileView } from './file-view.js';
import { oneLine } from './plain.js';
import type { RunningFile } from './run-view.js';

const CAUSE_WORDS: Readonly<Record<LossCause, string>> = {
  preempted: 'preempted',
  heartbeatTimeout: 'heartbeat timeout',
  leaseLost: 'lease lost',
  broken: 'worker could not run it',
  paused: 'paused by an operator',
  infrastructure: 'output matched infraErrors',
};

/** `340 ms`, `12.3 s`, `3 min 05 s`, `2 h 05 min`. */
export function formatDuration(ms: number): string {
  const rounded = Math.max(0, Math.round(ms));
  if (rounded < 1_000) return `${rounded} ms`;
  if (rounded < 59_950) return `${(rounded / 1_000).toFixed(1)} s`;
  const seconds = Math.round(rounded / 1_000);
  const twoDigits = (n: number) => String(n).padStart(2, '0');
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** `12 %`, `0.4 %`. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} %`;
}

/** `25 % (7.1 %–59 %)`: a share and its interval. */
export function rateOf({ rate, low, high }: Rate): string {
  return `${percent(rate)} (${percent(low)}–${percent(high)})`;
}

/** `2026-11-23 15:13:08Z`. */
export function momentOf(atMs: number): string {
  return new Date(atMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

/** A test file, or a case in it with its groups, on one line. */
export function testOf({ path, name }: { readonly path: string; readonly name: readonly string[] | null }): string {
  return name === null ? path : `${path} > ${name.map(oneLine).join(' > ')}`;
}

/** `1 file`, `2 files`. */
export function plural(count: number, singular: string, many = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : many}`;
}

/** The file's name for people: on one line, with the number of its repetition above 1. */
export function nameOf({ path, repeat }: { readonly path: string; readonly repeat: number }): string {
  return repeat > 1 ? `${oneLine(path)} (repeat ${repeat})` : oneLine(path);
}

/** The name of a running file, or of the part of it that runs. */
export function runningName({ path, part }: RunningFile): string {
  return part === undefined ? oneLine(path) : `${oneLine(path)} (part ${part.number} of ${part.of})`;
}

/** How an attempt ended: `failed (exit code 1)`, `timed out: past its timeout (900 ms)`, `crashed (SIGSEGV)`. */
export function endOf({
  outcome,
  reason,
  exitCode,
  signal,
}: Pick<AttemptView, 'outcome' | 'reason' | 'exitCode' | 'signal'>): string {
  const why = reason ?? signal ?? (exitCode === null ? null : `exit code ${exitCode}`);
  const because = why === null ? '' : ` (${oneLine(why)})`;
  switch (outcome) {
    case 'passed':
      return 'passed';
    case 'failed':
      return `failed${because}`;
    case 'timedOut':
      return reason === null ? 'timed out' : `timed out: ${oneLine(reason)}`;
    case 'crashed':
      return `crashed${because}`;
    case 'noTests':
      return 'no tests';
  }
}

/** Why an attempt was lost. */
export function causeOf({ cause }: Pick<LossReport, 'cause'>): string {
  return CAUSE_WORDS[cause];
}

/** `preempted on host/1 after 3.2 s, running again 40 ms later`. */
export function lossOf(loss: LossReport): string {
  const where = loss.worker === null ? '' : ` on ${oneLine(loss.worker)}`;
  const again = loss.resumedAfterMs === null ? '' : `, running again ${formatDuration(loss.resumedAfterMs)} later`;
  return `${causeOf(loss)}${where} after ${formatDuration(loss.lostMs)}${again}`;
}

/** `10 passed, 2 failed, 1 skipped`, zeros left out; empty when there are none. */
export function countsOf({ passed, failed, skipped }: CaseCounts): string {
  const parts = [passed && `${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`];
  return parts.filter(Boolean).join(', ');
}

/** Notes on how a file got its verdict; empty when it simply passed. */
export function remarksOf({ verdict, reason, company, attempts, losses }: FileView): string[] {
  const remarks: string[] = [];
  const red = attempts.filter(({ outcome }) => outcome !== 'passed');
  const last = attempts.at(-1);
  if (verdict === 'flaky' && company === undefined && last)
    remarks.push(`passed on attempt ${last.number}`, ...red.map((attempt) => `attempt ${attempt.number} ${endOf(attempt)}`));
  if ((verdict === 'failed' || verdict === 'quarantined') && last) {
    const { failed } = last.counts;
    if (failed > 0) remarks.push(`${failed} of ${plural(total(last.counts), 'case')} failed`);
    if (failed === 0 || last.outcome !== 'failed') remarks.push(endOf(last));
    if (attempts.length > 1) remarks.push(lookOf(last) ?? `${attempts.length} attempts`);
  }
  if (verdict === 'infraError') remarks.push('given up');
  else if (reason !== null) remarks.push(oneLine(reason));
  if (last?.stayedOpen)
    remarks.push(`ended by force: after its last case, its process stayed open with ${last.stayedOpen.join(', ')}`);
  if (losses.length > 0)
    remarks.push(`lost ${plural(losses.length, 'worker')} (${[...new Set(losses.map(causeOf))].join(', ')})`);
  return remarks;
}

/** What a red look says; null if the attempt is none. */
function lookOf({ alone, after }: AttemptView): string | null {
  if (after) return 'red after other files in one process as well';
  return alone ? 'red again with the machine to itself' : null;
}

function total({ passed, failed, skipped }: CaseCounts): number {
  return passed + failed + skipped;
}
