import { DEFAULTS } from '../core/defaults.js';
import type { AttemptView, FileView } from './file-view.js';
import { linesOf, oneLine } from './plain.js';
import type { Style } from './style.js';
import { plural } from './wording.js';

/** The attempt that explains the verdict: the last one that was red, if any. */
export function explainingAttempt({ attempts }: FileView): AttemptView | undefined {
  return attempts.findLast(({ outcome }) => outcome !== 'passed');
}

/** The failed cases of an attempt with their messages, then the end of its output. Lines, indented by two. */
export function failureLines(attempt: AttemptView, style: Style, shownLines: number = DEFAULTS.shownLines): string[] {
  const lines: string[] = [];
  for (const { name, message } of attempt.failures) {
    lines.push(style.red(name.map(oneLine).join(` ${style.arrow} `)));
    lines.push(...firstOf(linesOf(message), shownLines, style).map((line) => `  ${line}`));
  }
  const unnamed = attempt.counts.failed - attempt.failures.length;
  if (unnamed > 0) lines.push(style.dim(`${style.ellipsis} ${plural(unnamed, 'more failed case', 'more failed cases')}`));
  lines.push(...outputLines(attempt.outputTail, style, shownLines));
  return lines.map((line) => `  ${line}`);
}

function firstOf(lines: readonly string[], count: number, style: Style): string[] {
  const left = lines.length - count;
  return left > 0 ? [...lines.slice(0, count), style.dim(`${style.ellipsis} ${plural(left, 'more line')}`)] : [...lines];
}

function outputLines(tail: string, style: Style, count: number): string[] {
  const lines = linesOf(tail);
  if (lines.length === 0) return [];
  const shown = lines.slice(-count);
  const heading = shown.length < lines.length ? `output, last ${plural(shown.length, 'line')}:` : 'output:';
  return [style.dim(heading), ...shown.map((line) => `${style.dim(style.bar)}${line === '' ? '' : ` ${line}`}`)];
}
