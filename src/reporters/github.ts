import { DEFAULTS } from '../core/defaults.js';
import { clip } from '../core/model/cases.js';
import type { Company } from '../core/model/company.js';
import type { FrameworkName } from '../core/model/frameworks.js';
import type { FileReport, SuiteReport } from '../core/model/suite-report.js';
import { explainingAttempt } from '../render/failure.js';
import { viewOfReport } from '../render/file-view.js';
import { locate } from '../render/location.js';
import { plainText } from '../render/plain.js';
import { endOf, nameOf, remarksOf } from '../render/wording.js';
import { renderStepSummary } from './step-summary.js';

/** GitHub shows this many annotations of a kind per step and silently drops the rest. */
const ANNOTATIONS_PER_KIND = 10;

const COMPANY: Readonly<Record<Company, string>> = { collides: 'Collides', dependsOnFilesBefore: 'Depends on files before it' };

type Annotation = {
  readonly kind: 'error' | 'warning';
  readonly path: string;
  readonly line: number | null;
  readonly title: string;
  readonly message: string;
};

/** The folder of a suite, relative to the workspace; `.` for the workspace itself. */
export type FolderOf = (suite: string) => string;

/** Renders the output of a finished command for GitHub: log lines and the step summary, which is null if no run has ended. */
export function renderForGitHub(
  reports: readonly SuiteReport[],
  folderOf: FolderOf,
): { readonly log: string; readonly summary: string | null } {
  return { log: renderAnnotations(reports, folderOf), summary: reports.length === 0 ? null : renderStepSummary(reports) };
}

/** GitHub workflow commands for finished runs: failures as errors, flaky files as warnings. Empty without either. */
export function renderAnnotations(reports: readonly SuiteReport[], folderOf: FolderOf): string {
  const all = reports.flatMap((report) => [
    ...report.files.flatMap((file) => annotationsOf(file, report.run.framework, folderOf(report.run.suite))),
    ...problemOf(report),
  ]);
  const lines = (['error', 'warning'] as const).flatMap((kind) => bounded(all.filter((annotation) => annotation.kind === kind)));
  return lines.map((line) => `${line}\n`).join('');
}

/** Limits annotations to ten; beyond that, the last one says how many more there are. */
function bounded(annotations: readonly Annotation[]): string[] {
  if (annotations.length <= ANNOTATIONS_PER_KIND) return annotations.map(command);
  const shown = annotations.slice(0, ANNOTATIONS_PER_KIND - 1);
  const more = `${annotations.length - shown.length} more`;
  return [
    ...shown.map(command),
    ...annotations
      .slice(0, 1)
      .map(({ kind }) => `::${kind} title=${escapeProperty(more)}::${escapeData(`${more}: see the step summary or the log.`)}`),
  ];
}

function annotationsOf(file: FileReport, framework: FrameworkName, folder: string): Annotation[] {
  const at = (path: string) => joined(folder, path);
  const whole = { path: at(file.path), line: null };
  if (file.verdict === 'flaky')
    return [
      {
        kind: 'warning',
        ...whole,
        title: `${file.company === undefined ? 'Flaky' : COMPANY[file.company]}: ${nameOf(file)}`,
        message: remarksOf(viewOfReport(file)).join('; '),
      },
    ];
  if (file.verdict !== 'failed' && file.verdict !== 'infraError') return [];
  const last = file.attempts.at(-1);
  const failures = last?.cases.filter(({ status }) => status === 'failed') ?? [];
  if (file.verdict === 'infraError' || last === undefined || failures.length === 0) {
    const view = viewOfReport(file);
    const message = [remarksOf(view).join('; '), plainText(explainingAttempt(view)?.outputTail ?? '')].filter(Boolean).join('\n');
    return [
      { kind: 'error', ...whole, title: `${file.verdict === 'infraError' ? 'Infra-error' : 'Failed'}: ${nameOf(file)}`, message },
    ];
  }
  return failures.map((failure) => {
    const { path, line } = locate(framework, file.path, failure);
    const message = plainText(failure.message ?? endOf(last));
    return { kind: 'error', path: at(path), line, title: failure.name.join(' > '), message };
  });
}

function problemOf({ run }: SuiteReport): Annotation[] {
  return run.problem === null
    ? []
    : [{ kind: 'error', path: '', line: null, title: `Suite ${run.suite}: ${run.status}`, message: run.problem }];
}

function joined(folder: string, path: string): string {
  const parts = `${folder}/${path}`.split('/').filter((part) => part !== '' && part !== '.');
  return parts.join('/');
}

function command({ kind, path, line, title, message }: Annotation): string {
  const where = [
    ...(path === '' ? [] : [`file=${escapeProperty(path)}`]),
    ...(line === null ? [] : [`line=${line}`]),
    `title=${escapeProperty(title)}`,
  ];
  return `::${kind} ${where.join(',')}::${escapeData(clip(message, DEFAULTS.excerptCharacters))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
