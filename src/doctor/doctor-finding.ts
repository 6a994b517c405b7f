import { type ErrorCode, EXIT, type ExitCode, RunnerError, remedyOf } from '../core/errors.js';
import { linesOf } from '../render/plain.js';

/** What one look has found. Advice is for what works, and could be better. */
export type Finding =
  | { readonly kind: 'ok'; readonly check: string; readonly says: string }
  | { readonly kind: 'advice'; readonly check: string; readonly says: string; readonly remedy: string }
  | {
      readonly kind: 'problem';
      readonly check: string;
      readonly says: string;
      readonly remedy: string;
      /** null where no command would fail with one. */
      readonly code: ErrorCode | null;
      /** `EXIT.usage` for the configuration, `EXIT.incomplete` for the infrastructure. */
      readonly exitCode: ExitCode;
    };

export const ok = (check: string, says: string): Finding => ({ kind: 'ok', check, says });

export const advice = (check: string, says: string, remedy: string): Finding => ({ kind: 'advice', check, says, remedy });

/** Something of the infrastructure that a run would wait for or fail on. */
export const problem = (check: string, says: string, remedy: string): Finding => {
  return { kind: 'problem', check, says, remedy, code: null, exitCode: EXIT.incomplete };
};

/** Lines of a message from elsewhere that a finding bears. */
const LINES = 4;

/** An error that a command would end with, as a finding. Throws what no command foresees. */
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

/** Drawn around a heading. */
const RULE = /([-=_*⎯─━═])\1{2,}/g;

/** The first lines that say something, as one. */
function wordsOf(text: string): string {
  const lines = linesOf(text).map((line) => line.replace(RULE, '').trim());
  return lines
    .filter((line) => line !== '')
    .slice(0, LINES)
    .join(' ');
}

/** The exit code of all findings: what is wrong with the configuration goes first, as the rest depends on it. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const codes = findings.map((finding) => (finding.kind === 'problem' ? finding.exitCode : EXIT.ok));
  return [EXIT.usage, EXIT.incomplete].find((code) => codes.includes(code)) ?? EXIT.ok;
}
