import { z } from 'zod';
import type { TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { caseText, fileCase, judgeReport, judgeWithoutReport } from '../judge.js';
import { readLines } from '../report-lines.js';

const line = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('case'),
    status: z.enum(['passed', 'failed', 'skipped']),
    name: z.array(z.string()),
    durationMs: z.number(),
    retries: z.number(),
    message: z.string().optional(),
    stack: z.string().optional(),
  }),
  z.object({ type: z.literal('notLoaded'), message: z.string(), stack: z.string() }),
  z.object({ type: z.literal('left'), count: z.number() }),
  z.object({ type: z.literal('end') }),
  /** Something is open after the end that may still change the exit code. */
  z.object({ type: z.literal('open') }),
  z.object({ type: z.literal('stayedOpen'), names: z.array(z.string()) }),
]);
type Line = z.infer<typeof line>;

/** Reads a report written by collector.cjs. */
export function readMochaReport(evidence: Evidence): Reading {
  const lines = readLines(evidence.reportText, line);
  const cases = lines.flatMap((event) => (event.type === 'case' ? [toCase(event)] : []));
  const notLoaded = lines.find((event) => event.type === 'notLoaded');
  // The stack of a syntax error names the location; the message does not.
  if (notLoaded) return { kind: 'failed', cases: [...cases, fileCase(evidence, notLoaded.stack || notLoaded.message)] };
  if (!lines.some((event) => event.type === 'end')) return judgeWithoutReport('mocha', evidence, cases);
  const left = lines.find((event) => event.type === 'left');
  const stayedOpen = lines.find((event) => event.type === 'stayedOpen');
  return {
    ...judgeReport('mocha', evidence, cases),
    ...(left && { left: left.count }),
    ...(stayedOpen && { stayedOpen: stayedOpen.names }),
    ...(lines.some((event) => event.type === 'open') && { leavesOpen: true }),
  };
}

function toCase({ name, status, durationMs, retries, message, stack }: Extract<Line, { type: 'case' }>): TestCase {
  return {
    name,
    status,
    durationMs,
    message: message === undefined ? null : caseText(message),
    ...(stack ? { stack: caseText(stack) } : {}),
    ...(retries > 0 ? { retries } : {}),
  };
}
