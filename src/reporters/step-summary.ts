import type { SuiteReport } from '../core/model/suite-report.js';
import { proofLine } from '../core/model/totals.js';
import { explainingAttempt } from '../render/failure.js';
import { type FileView, viewOfReport } from '../render/file-view.js';
import { oneLine, plainText } from '../render/plain.js';
import { countsOf, formatDuration, nameOf, remarksOf } from '../render/wording.js';

/** GitHub rejects larger step summaries entirely. */
const LARGEST_SUMMARY_BYTES = 1_024 * 1_024;
const CUT = '\n\n_The rest did not fit into this summary; see the log._\n';

/** The step summary of a finished command, in Markdown: the table of suites, then failures, then flaky files. */
export function renderStepSummary(reports: readonly SuiteReport[]): string {
  const table = [
    '| Suite | Verdict | Files | Failed | Flaky | Cases | Time |',
    '| --- | --- | --: | --: | --: | --- | --: |',
    ...reports.map(({ run, totals }) => {
      const cells = [cell(run.suite), run.status, totals.planned, totals.failed, totals.flaky, countsOf(totals.cases) || '0'];
      return `| ${cells.join(' | ')} | ${formatDuration(run.makespanMs)} |`;
    }),
  ];
  return withinBytes(['## Holdfast', '', ...table, '', ...reports.flatMap(sectionsOf)]);
}

function sectionsOf({ run, totals, files }: SuiteReport): string[] {
  const views = files.map((file) => viewOfReport(file));
  const red = views.filter(({ verdict }) => verdict === 'failed' || verdict === 'infraError');
  const flaky = views.filter(({ verdict, company }) => verdict === 'flaky' && company === undefined);
  const collides = views.filter(({ company }) => company === 'collides');
  const dependent = views.filter(({ company }) => company === 'dependsOnFilesBefore');
  return [
    ...(run.problem === null ? [] : [`**${cell(run.suite)}:** ${cell(run.problem)}`, '']),
    ...red.flatMap(failureOf),
    ...listOf('Flaky', flaky),
    ...listOf('Collides', collides),
    ...listOf('Depends on files before it', dependent),
    `${code(run.suite)}: ${proofLine(totals)}${run.webUrl === null ? '' : ` · [Web UI](<${run.webUrl}>)`}`,
    '',
  ];
}

function listOf(title: string, files: readonly FileView[]): string[] {
  if (files.length === 0) return [];
  return [`**${title}**`, '', ...files.map((file) => `- ${code(nameOf(file))}: ${cell(remarksOf(file).join('; '))}`), ''];
}

function failureOf(file: FileView): string[] {
  const attempt = explainingAttempt(file);
  const text = [
    ...(attempt?.failures.map(({ name, message }) => `${name.map(oneLine).join(' > ')}\n${plainText(message)}\n`) ?? []),
    ...(attempt === undefined || attempt.failures.length > 0 ? [] : [plainText(attempt.outputTail)]),
  ].join('\n');
  const fence = fenceFor(text);
  return [
    `<details><summary>${html(nameOf(file))}: ${html(remarksOf(file).join('; '))}</summary>`,
    '',
    ...(text.trim() === '' ? [] : [fence, text.trimEnd(), fence, '']),
    '</details>',
    '',
  ];
}

/** A fence longer than any run of backticks in the text. */
function fenceFor(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(Math.max(3, longest + 1));
}

/** Keeps whole blocks while they fit: a cut inside a fence would garble everything after it. */
function withinBytes(lines: readonly string[]): string {
  const blocks = lines.join('\n').split(/\n(?=<details>|\*\*)/);
  const kept: string[] = [];
  let room = LARGEST_SUMMARY_BYTES - bytes(CUT);
  for (const block of blocks) {
    room -= bytes(block) + 1;
    if (room < 0) return `${kept.join('\n')}${CUT}`;
    kept.push(block);
  }
  return `${kept.join('\n')}\n`;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function cell(text: string): string {
  return html(oneLine(text)).replace(/[\\|*_`[\]]/g, '\\$&');
}

function code(text: string): string {
  const fence = fenceFor(text).slice(2);
  return text.includes('`') ? `${fence} ${text} ${fence}` : `\`${text}\``;
}

function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
