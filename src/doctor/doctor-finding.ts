import { type ErrorCode, EXIT, type ExitCode, RunnerError, remedyOf } from '../core/errors.js';
import { linesOf } from '../render/plain.js';

/** The result of one check. Advice is about something that works but could be better. */
export type Finding =
  | { readonly kind: 'ok'; readonly check: string; readonly says: string }
  | { readonly kind: 'advice'; readonly check: string; readonly says: string; readonly remedy: string }
  | {
      readonly kind: 'problem';
      readonly check: string;
      readonly says: string;
      readonly remedy: string;
      /** null if no command would fail with a code. */
      readonly code: ErrorCode | null;
      /** `EXIT.usage` for the configuration, `EXIT.incomplete` for the infrastructure. */
      readonly exitCode: ExitCode;
    };

export const ok = (check: string, says: string): Finding => ({ kind: 'ok', check, says });

export const advice = (check: string, says: string, remedy: string): Finding => ({ kind: 'advice', check, says, remedy });

/** A problem of the infrastructure that would make a run wait or fail. */
export const problem = (check: string, says: string, remedy: string): Finding => {
  return { kind: 'problem', check, says, remedy, code: null, exitCode: EXIT.incomplete };
};

/** Most lines of a foreign message in a finding. */
const LINES = 4;

/** Turns a RunnerError that a command would fail with into a finding. Rethrows any other error. */
export function problemOf(check: string, error: unknown, remedy?: string): Finding {
  if (!(error instanceof RunnerError)) throw error;
  return {
    kind: 'problem',
    check,
    says: wordsOf(error.what),
    remedy: remedy ?? remedyOf(error.code),
    code: error.code,
    exitCode: error.exitCode === EXIT.incomplete ? EXIT.incomplete : EXIT.usage,
  };
}

/** Rules drawn around headings. */
const RULE = /([-=_*⎯─━═])\1{2,}/g;

/** The first non-blank lines, joined into one. */
function wordsOf(text: string): string {
  const lines = linesOf(text).map((line) => line.replace(RULE, '').trim());
  return lines
    .filter((line) => line !== '')
    .slice(0, LINES)
    .join(' ');
}

/** The exit code of all findings. A configuration problem takes precedence, because the rest depends on the configuration. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const codes = findings.map((finding) => (finding.kind === 'problem' ? finding.exitCode : EXIT.ok));
  return [EXIT.usage, EXIT.incomplete].find((code) => codes.includes(code)) ?? EXIT.ok;
}
