import type { Progress } from '../core/model/progress.js';
import { oneLine } from './plain.js';
import type { RunView } from './run-view.js';
import type { Style } from './style.js';
import { formatDuration, plural } from './wording.js';

/** Files that have their verdict. */
export function countVerdicts({ verdicts }: Progress): number {
  return Object.values(verdicts).reduce((sum, count) => sum + count, 0);
}

/** The progress of a run, in parts: `32 of 40 files`, `30 passed`, `1 failed`, `2 retries`, `1 attempt lost`, `about 12.0 s left`. */
export function progressParts({ progress }: RunView, style: Style): string[] {
  const { phase, planned, verdicts, retries, losses, isPaused } = progress;
  if (planned === null) return [phase === 'discovering' ? 'listing test files' : phase];
  const colored = (count: number, text: string, paint: (text: string) => string) => (count > 0 ? [paint(text)] : []);
  return [
    ...(isPaused ? [style.yellow('paused')] : []),
    `${countVerdicts(progress)} of ${plural(planned, 'file')}`,
    ...colored(verdicts.passed, `${verdicts.passed} passed`, style.green),
    ...colored(verdicts.failed, `${verdicts.failed} failed`, style.red),
    ...colored(verdicts.infraError, plural(verdicts.infraError, 'infra-error'), style.red),
    ...colored(verdicts.flaky, `${verdicts.flaky} flaky`, style.yellow),
    ...colored(verdicts.notRun, `${verdicts.notRun} not run`, style.yellow),
    ...colored(verdicts.quarantined, `${verdicts.quarantined} quarantined`, style.dim),
    ...colored(verdicts.skipped, `${verdicts.skipped} skipped`, style.dim),
    ...colored(retries, plural(retries, 'retry', 'retries'), style.yellow),
    ...colored(losses, `${plural(losses, 'attempt')} lost`, style.yellow),
    ...timeLeft(progress),
  ];
}

/** The remaining estimates divided by the slots. Empty when a file has no recorded duration. */
function timeLeft({ phase, remainingMs, slots }: Progress): string[] {
  if (phase === 'finishing') return ['writing the results'];
  if (phase !== 'running' || remainingMs === null || slots === 0) return [];
  return [`about ${formatDuration(remainingMs / slots)} left`];
}

/** Prefix for the lines of a run when a command has several, such as `unit`. */
export function suiteLabel(run: RunView, runs: readonly RunView[]): string {
  return runs.length > 1 ? oneLine(run.suite) : '';
}
