import type { Comparison } from '../core/history/compare.js';
import { oneLine } from './plain.js';
import { styleOf } from './style.js';
import type { Display } from './terminal.js';
import { formatDuration } from './wording.js';

/** The text of `holdfast diff`: how the files of one run changed in another. */
export function renderComparison(comparison: Comparison, display: Display): string {
  const style = styleOf(display);
  const { newFailures, fixed, newlyFlaky, slower, missing, added } = comparison;
  const slowdowns = slower.map(
    ({ path, beforeMs, afterMs }) => `${path}  ${formatDuration(beforeMs)} ${style.arrow} ${formatDuration(afterMs)}`,
  );
  const sections = [
    ['New failures', newFailures, style.red],
    ['Fixed', fixed, style.green],
    ['Newly flaky', newlyFlaky, style.yellow],
    ['Slower', slowdowns, style.yellow],
    ['Missing', missing, style.yellow],
    ['New', added, style.dim],
  ] as const;
  const changed = sections.filter(([, lines]) => lines.length > 0);
  if (changed.length === 0) return 'No file changed.\n';
  return changed
    .map(
      ([title, lines, paint]) =>
        `${paint(`${title} (${lines.length})`)}\n${lines.map((line) => `  ${oneLine(line)}\n`).join('')}`,
    )
    .join('\n');
}
