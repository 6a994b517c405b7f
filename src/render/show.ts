import type { ListedRun } from '../core/model/listed-run.js';
import type { RunStatus } from '../core/model/suite.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { failureLines } from './failure.js';
import { type AttemptView, type FileView, viewOfReport } from './file-view.js';
import { oneLine } from './plain.js';
import { paintOf, type Style, styleOf } from './style.js';
import { renderSummary } from './summary.js';
import { alignColumns } from './table.js';
import type { Display } from './terminal.js';
import { countsOf, endOf, formatDuration, lossOf, momentOf, nameOf, remarksOf } from './wording.js';

export type ShowOptions = {
  /** Leave out green files. */
  readonly failedOnly: boolean;
  /** Every attempt, with its worker. */
  readonly verbose: boolean;
};

/** The text of `holdfast show` for a finished run: its files, then the summary. With `failedOnly`, each failure in full. */
export function renderShow(report: SuiteReport, { failedOnly, verbose }: ShowOptions, display: Display): string {
  const style = styleOf(display);
  const views = report.files.map((file) => viewOfReport(file, Number.POSITIVE_INFINITY));
  if (failedOnly) {
    const red = views.filter((file) => file.verdict === 'failed' || file.verdict === 'infraError' || file.verdict === 'notRun');
    if (red.length === 0) return 'No file failed.\n';
    return `${red.flatMap((file) => [fileLine(file, style).filter(Boolean).join('  '), ...everyAttempt(file, style, true)]).join('\n')}\n`;
  }
  const rows = views.map((file) => ({ file, cells: fileLine(file, style) }));
  const lines = alignColumns(rows.map(({ cells }) => cells));
  const shown = verbose ? rows.flatMap(({ file }, index) => [lines[index] ?? '', ...everyAttempt(file, style, false)]) : lines;
  return `${shown.join('\n')}\n${renderSummary([report], style)}`;
}

function fileLine(file: FileView, style: Style): string[] {
  const last = file.attempts.at(-1);
  const remarks = remarksOf(file).join('; ');
  return [
    `${paintOf(style, file.verdict)(style.sign[file.verdict])} ${nameOf(file)}`,
    last === undefined ? '' : formatDuration(last.durationMs),
    remarks === '' ? countsOf(last?.counts ?? { passed: 0, failed: 0, skipped: 0 }) : remarks,
  ];
}

function everyAttempt(file: FileView, style: Style, inFull: boolean): string[] {
  const attempts = inFull ? file.attempts.filter((attempt) => attempt.outcome !== 'passed') : file.attempts;
  return [
    ...attempts.flatMap((attempt) => [
      `  ${attemptLine(attempt, style)}`,
      ...(inFull ? indented(failureLines(attempt, style, Number.POSITIVE_INFINITY)) : []),
    ]),
    ...file.losses.map((loss) => `  ${style.dim(`lost: ${lossOf(loss)}`)}`),
  ];
}

function attemptLine(attempt: AttemptView, style: Style): string {
  const where = `on ${oneLine(attempt.worker)}, ${formatDuration(attempt.durationMs)}`;
  const output = attempt.output === null ? '' : `, whole output ${oneLine(attempt.output)}`;
  return `attempt ${attempt.number}: ${endOf(attempt)} ${style.dim(`${where}${output}`)}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** The text of `holdfast list`; the runs keep their order. */
export function renderList(runs: readonly ListedRun[], display: Display): string {
  const style = styleOf(display);
  const rows = runs.map(({ runId, suite, status, startedAtMs, finishedAtMs, totals, commit, owner }) => [
    oneLine(runId),
    oneLine(suite),
    statusPaint(status, style)(status),
    totals === null
      ? ''
      : `${totals.planned - totals.failed - totals.infraError - totals.notRun - totals.lost} of ${totals.planned}`,
    momentOf(startedAtMs),
    finishedAtMs === null ? '' : formatDuration(finishedAtMs - startedAtMs),
    oneLine(commit?.slice(0, 10) ?? ''),
    oneLine(owner ?? ''),
  ]);
  return renderTable(['Run', 'Suite', 'Status', 'Good', 'Started', 'Took', 'Commit', 'Owner'], rows, display);
}

/** Aligned columns under a heading. Empty columns are left out. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], display: Display): string {
  const style = styleOf(display);
  const used = head.map((_, column) => rows.length === 0 || rows.some((row) => (row[column] ?? '') !== ''));
  const kept = (row: readonly string[]) => row.filter((_, column) => used[column]);
  return `${alignColumns([kept(head).map(style.dim), ...rows.map(kept)]).join('\n')}\n`;
}

function statusPaint(status: string, style: Style): (text: string) => string {
  if (status === ('passed' satisfies RunStatus)) return style.green;
  if (status === ('failed' satisfies RunStatus)) return style.red;
  return status === 'running' ? style.bold : style.yellow;
}
