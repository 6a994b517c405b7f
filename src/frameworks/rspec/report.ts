import { z } from 'zod';
import type { TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { caseText, fileCase, judgeReport, judgeWithoutReport } from '../judge.js';
import { readLines } from '../report-lines.js';

const text = z.string().nullable().default(null);

/** One line written by programs/report.rb. */
const line = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('case'),
    status: z.enum(['passed', 'failed', 'skipped']),
    name: z.array(z.string()),
    durationMs: z.number(),
    message: text,
    stack: text,
  }),
  /** A failure outside of examples. */
  z.object({ type: z.literal('error'), message: z.string(), stack: z.string() }),
  z.object({ type: z.literal('left'), count: z.number() }),
  z.object({ type: z.literal('end') }),
]);
type Line = z.infer<typeof line>;

/**
 * Judges an RSpec run of one file by Holdfast's report and the exit code. Errors outside of examples (a file that cannot be loaded, a
 * failed suite hook or after-group hook) become failed cases named after the file.
 */
export function readRspecReport(evidence: Evidence): Reading {
  const lines = readLines(evidence.reportText, line);
  const cases = lines.flatMap((event) => (event.type === 'case' ? [toCase(event)] : []));
  const errors = lines.flatMap((event) =>
    event.type === 'error' ? [{ ...fileCase(evidence, event.message), durationMs: 0, ...stackOf(event) }] : [],
  );
  if (errors.length > 0) return { kind: 'failed', cases: [...cases, ...errors] };
  if (lines.at(-1)?.type !== 'end') return judgeWithoutReport('rspec', evidence, cases);
  const left = lines.find((event) => event.type === 'left');
  return { ...judgeReport('rspec', evidence, cases), ...(left && { left: left.count }) };
}

function toCase({ name, status, durationMs, message, stack }: Extract<Line, { type: 'case' }>): TestCase {
  return { name, status, durationMs, message: message === null ? null : caseText(message), ...stackOf({ stack }) };
}

const stackOf = ({ stack }: { readonly stack: string | null }) => (stack ? { stack: caseText(stack) } : {});
