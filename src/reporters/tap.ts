import type { SuiteReport } from '../core/model/suite-report.js';
import { plainText } from '../render/plain.js';
import { isRedCase, type JUnitCase, type JUnitSuite, suitesOf } from './junit-suite.js';

/**
 * The merged result as TAP 13: a test point for each file, and above it its cases as an indented subtest, which readers of plain TAP skip.
 * The cases are those of the JUnit report.
 */
export function toTap(reports: readonly SuiteReport[]): string {
  const suites = suitesOf(reports);
  const lines = ['TAP version 13', `1..${suites.length}`, ...suites.flatMap((suite, index) => fileLines(suite, index + 1))];
  return `${lines.join('\n')}\n`;
}

function fileLines({ name, timeMs, cases }: JUnitSuite, number: number): string[] {
  const title = escapeText(name);
  const subtest = [`# Subtest: ${title}`, `1..${cases.length}`, ...cases.flatMap((one, index) => caseLines(one, index + 1))];
  const isOk = !cases.some(isRedCase);
  return [...subtest.map(indent), `${isOk ? 'ok' : 'not ok'} ${number} - ${title}`, ...diagnostics([['duration_ms', timeMs]])];
}

function caseLines(one: JUnitCase, number: number): string[] {
  const { status, reruns, timeMs } = one;
  const skip = status.kind === 'skipped' ? ` # SKIP ${escapeText(status.message)}`.trimEnd() : '';
  const trouble = status.kind === 'failure' || status.kind === 'error' ? status : null;
  return [
    `${isRedCase(one) ? 'not ok' : 'ok'} ${number} - ${escapeText(one.name)}${skip}`,
    ...diagnostics([
      ['duration_ms', timeMs],
      ...(trouble === null
        ? []
        : [['message', plainText(trouble.message)] as const, ['detail', plainText(trouble.detail)] as const]),
      ...(reruns.length === 0 ? [] : [['other_attempts', reruns.map(({ message }) => plainText(message))] as const]),
    ]),
  ];
}

/** A block of YAML, whose values are written as JSON: YAML reads that too. */
function diagnostics(entries: readonly (readonly [key: string, value: unknown])[]): string[] {
  return ['---', ...entries.map(([key, value]) => `${key}: ${JSON.stringify(value)}`), '...'].map((line) => `  ${line}`);
}

/** One line, in which `#` begins no directive. */
function escapeText(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').trim().replaceAll(/[\\#]/g, '\\$&');
}

function indent(line: string): string {
  return `    ${line}`;
}
