import { constants } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { DEFAULTS } from '../core/defaults.js';
import { clip, type TestCase } from '../core/model/cases.js';
import type { Evidence, Reading } from './framework.js';

/** Judges a complete report together with how its process ended. A green report does not override a red exit code. */
export function judgeReport(framework: string, evidence: Evidence, cases: readonly TestCase[]): Reading {
  if (cases.some(({ status }) => status === 'failed')) return { kind: 'failed', cases };
  if (signalOf(evidence) !== null) return { kind: 'crashed', cases, reason: howItEnded(framework, evidence) };
  if (cases.length === 0) return { kind: 'noTests', cases, isError: evidence.exitCode !== 0 };
  if (evidence.exitCode === 0) return { kind: 'passed', cases };
  const message = `${howItEnded(framework, evidence)} although no case failed; the output says why.`;
  return { kind: 'failed', cases: [...cases, fileCase(evidence, message)] };
}

/** Judges an attempt without a complete report as crashed, whatever the exit code. `cases` are those that ended before. */
export function judgeWithoutReport(framework: string, evidence: Evidence, cases: readonly TestCase[] = []): Reading {
  return { kind: 'crashed', cases, reason: `${howItEnded(framework, evidence)} before its report was complete.` };
}

/** A failure of the file as a whole (a load error, a failed hook), as a case named after the file. */
export function fileCase({ file, durationMs }: Evidence, message: string): TestCase {
  return { name: [file], status: 'failed', durationMs, message: caseText(message) };
}

/** A message, stack or output prepared for a report: control codes stripped, clipped. */
export function caseText(text: string): string {
  return clip(stripVTControlCharacters(text).trim(), DEFAULTS.messageCharacters);
}

function howItEnded(framework: string, evidence: Evidence): string {
  const signal = signalOf(evidence);
  return signal === null ? `${framework} exited with ${evidence.exitCode}` : `${framework} was ended by ${signal}`;
}

/** A shell or parent process reports a signal as exit code 128 + its number. */
function signalOf({ signal, exitCode }: Evidence): string | null {
  if (signal !== null || exitCode === null || exitCode <= 128) return signal;
  return Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0] ?? null;
}
