import type { SuiteReport } from '../core/model/suite-report.js';
import { plainText } from '../render/plain.js';
import { isRedCase, type JUnitCase, type JUnitSuite, suitesOf } from './junit-suite.js';

/**
 * Renders the merged result as TAP 13: one test point per file, preceded by its cases as an indented subtest, which plain TAP parsers skip.
 * The cases are the same as in the JUnit report.
 */
export function toTap(reports: readonly SuiteReport[]): string {
  const suites = suitesOf(reports);
  const lines = ['TAP version 13', `1..${suites.length}`, ...suites.flatMap((suite, index) => fileLines(suite, index + 1))];
  return `${lines.join('\n')}\n`;
}

function fileLines({ name, timeMs, cases }: JUnitSuite, number: number): string[] {
  const title = escapeText(name);
  const subtest = [
    `# Subtest: ${title}`,
    `1..${cases.length}`,
    ...cases.flatMap((testCase, index) => caseLines(testCase, index + 1)),
  ];
  const isOk = !cases.some(isRedCase);
  return [...subtest.map(indent), `${isOk ? 'ok' : 'not ok'} ${number} - ${title}`, ...diagnostics([['duration_ms', timeMs]])];
}

function caseLines(testCase: JUnitCase, number: number): string[] {
  const { name, status, reruns, timeMs } = testCase;
  const skip = status.kind === 'skipped' ? ` # SKIP ${escapeText(status.message)}`.trimEnd() : '';
  const trouble = status.kind === 'failure' || status.kind === 'error' ? status : null;
  return [
    `${isRedCase(testCase) ? 'not ok' : 'ok'} ${number} - ${escapeText(name)}${skip}`,
    ...diagnostics([
      ['duration_ms', timeMs],
      ...(trouble === null
        ? []
        : [['message', plainText(trouble.message)] as const, ['detail', plainText(trouble.detail)] as const]),
      ...(reruns.length === 0 ? [] : [['other_attempts', reruns.map(({ message }) => plainText(message))] as const]),
    ]),
  ];
}

/** A YAML diagnostics block with JSON values, which are valid YAML. */
function diagnostics(entries: readonly (readonly [key: string, value: unknown])[]): string[] {
  return ['---', ...entries.map(([key, value]) => `${key}: ${JSON.stringify(value)}`), '...'].map((line) => `  ${line}`);
}

/** Puts text on one line and escapes `#`, which would begin a directive. */
function escapeText(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').trim().replaceAll(/[\\#]/g, '\\$&');
}

function indent(line: string): string {
  return `    ${line}`;
}
