import { DEFAULTS } from '../core/defaults.js';
import { EXIT } from '../core/errors.js';
import { delaysOf } from '../core/history/delays.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { proofLine } from '../core/model/totals.js';
import { coverageText } from './coverage.js';
import { explainingAttempt, failureLines } from './failure.js';
import { type FileView, viewOfReport } from './file-view.js';
import { nextSteps } from './next-step.js';
import { firstLine, linesOf, oneLine } from './plain.js';
import { paintOf, type Style } from './style.js';
import { alignColumns } from './table.js';
import { countsOf, formatDuration, lossOf, nameOf, plural, remarksOf } from './wording.js';

/** The end of a command: a block per suite and, for several suites, a table of all. Ends with a newline; empty without reports. */
export function renderSummary(reports: readonly SuiteReport[], style: Style): string {
  const blocks = reports.map((report) => summaryOf(report, style));
  if (reports.length > 1) blocks.push(closingTable(reports, style));
  return blocks.map((lines) => `\n${lines.join('\n')}\n`).join('');
}

function summaryOf(report: SuiteReport, style: Style): string[] {
  const files = report.files.map((file) => viewOfReport(file));
  const sections = [
    failed(files, style),
    quarantined(files, style),
    infrastructure(files, style),
    flaky(files, style),
    collides(files, style),
    dependent(files, style),
    losses(files, style),
    notRun(files, style),
    skippedByHand(files, style),
    changes(report, style),
    slowest(files, style),
    problem(report, style),
  ];
  return [...sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, '']), ...closing(report, style)];
}

/** A heading with the count, then the items. Empty when there are none. */
function section(
  title: string,
  items: readonly FileView[],
  style: Style,
  render: (file: FileView) => readonly string[],
): string[] {
  if (items.length === 0) return [];
  return [style.bold(`${title} (${items.length})`), ...items.flatMap(render).map((line) => `  ${line}`)];
}

function heading(file: FileView, style: Style): string {
  const remarks = [...remarksOf(file), ...(file.owner === null ? [] : [file.owner])];
  const sign = paintOf(style, file.verdict)(style.sign[file.verdict]);
  return [`${sign} ${nameOf(file)}`, ...(remarks.length > 0 ? [style.dim(remarks.join('; '))] : [])].join('  ');
}

function withFailure(file: FileView, style: Style): string[] {
  const attempt = explainingAttempt(file);
  return [heading(file, style), ...(attempt ? failureLines(attempt, style) : [])];
}

function failed(files: readonly FileView[], style: Style): string[] {
  const items = files.filter(({ verdict }) => verdict === 'failed');
  return section('Failed', items, style, (file) => withFailure(file, style));
}

function quarantined(files: readonly FileView[], style: Style): string[] {
  const items = files.filter((file) => file.verdict === 'quarantined' && explainingAttempt(file) !== undefined);
  return section('Failed in quarantine', items, style, (file) => [heading(file, style)]);
}

function infrastructure(files: readonly FileView[], style: Style): string[] {
  const items = files.filter(({ verdict }) => verdict === 'infraError');
  return section('Infrastructure errors', items, style, (file) => {
    const last = file.losses.at(-1);
    const why =
      last === undefined ? [] : [`  last: ${lossOf(last)}`, ...(last.reason === '' ? [] : [`  ${firstLine(last.reason)}`])];
    return [...withFailure(file, style), ...why];
  });
}

function flaky(files: readonly FileView[], style: Style): string[] {
  const items = files.filter(({ verdict, company }) => verdict === 'flaky' && company === undefined);
  return section('Flaky', items, style, (file) => [heading(file, style), ...failuresOf(file, style)]);
}

/** Files that were red beside others and green by themselves. */
function collides(files: readonly FileView[], style: Style): string[] {
  const items = files.filter(({ company }) => company === 'collides');
  const lines = section('Collides', items, style, (file) => [heading(file, style), ...failuresOf(file, style)]);
  return lines.length === 0 ? [] : [...lines, `  ${style.dim(KEPT_APART)}`];
}

const KEPT_APART =
  'From the next run on they run by themselves, until `holdfast apart forget`. Better: a rule with `serial` or `resources`, or -j 1.';

/** Files that were red by themselves and green after others. */
function dependent(files: readonly FileView[], style: Style): string[] {
  const items = files.filter(({ company }) => company === 'dependsOnFilesBefore');
  const lines = section('Depends on files before it', items, style, (file) => [heading(file, style), ...failuresOf(file, style)]);
  return lines.length === 0 ? [] : [...lines, `  ${style.dim(ISOLATE)}`];
}

const ISOLATE = '`holdfast isolate FILE` finds which of them it needs, for a rule with `needs` that keeps them together.';

function failuresOf({ attempts }: FileView, style: Style): string[] {
  return attempts
    .flatMap(({ failures }) => failures)
    .map(
      ({ name, message }) => `  ${name.map(oneLine).join(` ${style.arrow} `)}${message === '' ? '' : `: ${firstLine(message)}`}`,
    );
}

/** Losses that the run recovered from. Those of files with an infra-error are listed above. */
function losses(files: readonly FileView[], style: Style): string[] {
  const items = files.filter((file) => file.verdict !== 'infraError' && file.losses.length > 0);
  const count = items.reduce((sum, file) => sum + file.losses.length, 0);
  if (count === 0) return [];
  return [
    style.bold(`Lost attempts (${count}), rerun without using up a retry`),
    ...items.flatMap((file) => file.losses.map((loss) => `  ${nameOf(file)}  ${style.dim(lossOf(loss))}`)),
  ];
}

function notRun(files: readonly FileView[], style: Style): string[] {
  const items = files.filter(({ verdict }) => verdict === 'notRun');
  if (items.length <= DEFAULTS.shownLines) return section('Not run', items, style, (file) => [heading(file, style)]);
  const shown = items.slice(0, DEFAULTS.shownLines).map((file) => `  ${heading(file, style)}`);
  return [style.bold(`Not run (${items.length})`), ...shown, `  ${style.ellipsis} ${items.length - shown.length} more`];
}

/** Files that a person skipped. A file without tests is not listed. */
function skippedByHand(files: readonly FileView[], style: Style): string[] {
  const items = files.filter(({ verdict, reason }) => verdict === 'skipped' && reason !== null);
  return section('Skipped', items, style, (file) => [heading(file, style)]);
}

function changes({ run }: SuiteReport, style: Style): string[] {
  if (run.changes.length === 0) return [];
  const rows = run.changes.map(({ what, who, at }) => [`  ${oneLine(what)}`, style.dim(`${oneLine(who)} at ${at}`)]);
  return [style.bold(`Changed while running (${rows.length})`), ...alignColumns(rows)];
}

function slowest(files: readonly FileView[], style: Style): string[] {
  const timed = files
    .map((file) => ({ file, durationMs: Math.max(0, ...file.attempts.map(({ durationMs }) => durationMs)) }))
    .filter(({ durationMs }) => durationMs > 0)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, DEFAULTS.slowestShown);
  if (timed.length < 2) return [];
  const rows = timed.map(({ file, durationMs }) => [
    `  ${formatDuration(durationMs)}`,
    nameOf(file),
    style.dim(file.owner ?? ''),
  ]);
  return [style.bold('Slowest'), ...alignColumns(rows)];
}

/** What the first line of a problem, which is in the verdict, leaves out: usually what a framework printed. */
function problem({ run }: SuiteReport, style: Style): string[] {
  const [, ...rest] = linesOf(run.problem ?? '');
  if (rest.length === 0) return [];
  const shown = rest.slice(0, DEFAULTS.shownLines);
  const more = rest.length > shown.length ? [`${style.ellipsis} ${rest.length - shown.length} more lines`] : [];
  return [style.bold('Problem'), ...[...shown, ...more].map((line) => `  ${line}`)];
}

function closing(report: SuiteReport, style: Style): string[] {
  const { run, totals } = report;
  const verdict = statusPaint(report, style)(style.bold(run.status));
  const bound = run.boundMs > 0 ? ` (lower bound on ${plural(run.slots, 'slot')}: ${formatDuration(run.boundMs)})` : '';
  const why = run.problem ?? (run.exitCode === EXIT.noTests ? 'no tests were found' : null);
  const counts = countsOf(totals.cases);
  const delays = delaysOf(report);
  const coverage = coverageText(report, style);
  const apart = report.files.filter((file) => file.apart !== undefined).length;
  const rows: (readonly string[])[] = [
    ['Suite', `${oneLine(run.suite)} ${style.dot} ${verdict}${why === null ? '' : `: ${firstLine(why).replace(/:$/, '.')}`}`],
    ['Files', proofLine(totals)],
    ...(counts === '' ? [] : [['Cases', counts]]),
    ...(coverage === null ? [] : [['Coverage', coverage]]),
    ['Time', `${formatDuration(run.makespanMs)}${bound}`],
    ...(delays.length > 0 ? [['Delays', delays.map(oneLine).join(', ')]] : []),
    ...(run.wastedMs > 0
      ? [['Speculation', `saved about ${formatDuration(run.savedMs)}, cost ${formatDuration(run.wastedMs)} of slot time`]]
      : []),
    ...(apart > 0
      ? [['Apart', `${plural(apart, 'file')} ran by themselves, as they collided with others before: holdfast apart`]]
      : []),
    ...(run.seed === null ? [] : [['Order', `random; repeat it with --order random --seed ${run.seed}`]]),
    ...(run.merged === null ? [] : [['Merged', proofLine(run.merged)]]),
    ['Run', `holdfast show ${oneLine(run.id)}`],
    ...(run.previousRunId === null ? [] : [['Previous', `holdfast show ${oneLine(run.previousRunId)}`]]),
    ...(run.webUrl === null ? [] : [['Web UI', run.webUrl]]),
  ];
  const steps = alignColumns(nextSteps(report).map(([command, purpose]) => [`  ${command}`, style.dim(purpose)]));
  return [
    ...alignColumns(rows.map(([label = '', text = '']) => [style.dim(label), text])),
    ...(steps.length > 0 ? ['', style.bold('Next'), ...steps] : []),
  ];
}

function statusPaint({ run }: SuiteReport, style: Style): (text: string) => string {
  if (run.status === 'passed') return style.green;
  return run.status === 'failed' ? style.red : style.yellow;
}

function closingTable(reports: readonly SuiteReport[], style: Style): string[] {
  const head = ['Suite', 'Verdict', 'Files', 'Failed', 'Flaky', 'Infra', 'Cases', 'Time'].map(style.dim);
  const rows = reports.map((report) => {
    const { run, totals } = report;
    const cases = totals.cases.passed + totals.cases.failed + totals.cases.skipped;
    const counts = [totals.planned, totals.failed, totals.flaky, totals.infraError, cases].map(String);
    return [oneLine(run.suite), statusPaint(report, style)(run.status), ...counts, formatDuration(run.makespanMs)];
  });
  return alignColumns([head, ...rows]);
}
