import type { Progress } from '../core/model/progress.js';
import { oneLine } from './plain.js';
import type { RunView } from './run-view.js';
import type { Style } from './style.js';
import { formatDuration, plural } from './wording.js';

/** Files that have their verdict. */
export function countVerdicts({ verdicts }: Progress): number {
  return Object.values(verdicts).reduce((sum, count) => sum + count, 0);
}

/** How far one run is, in parts: `32 of 40 files`, `30 passed`, `1 failed`, `2 retries`, `1 lost`, `about 12.0 s left`. */
export function progressParts({ progress }: RunView, style: Style): string[] {
  const { phase, planned, verdicts, retries, losses, isPaused } = progress;
  if (planned === null) return [phase === 'discovering' ? 'looking for test files' : phase];
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
    ...colored(losses, `${losses} lost`, style.yellow),
    ...timeLeft(progress),
  ];
}

/** From durations: what is left to do, shared among the slots. Silent where one file has no record. */
function timeLeft({ phase, remainingMs, slots }: Progress): string[] {
  if (phase === 'finishing') return ['writing the results'];
  if (phase !== 'running' || remainingMs === null || slots === 0) return [];
  return [`about ${formatDuration(remainingMs / slots)} left`];
}

/** `unit` before the lines of a run, where a command has several. */
export function suiteLabel(run: RunView, runs: readonly RunView[]): string {
  return runs.length > 1 ? oneLine(run.suite) : '';
}
