import { z } from 'zod';
import type { Evidence, Reading } from '../framework.js';
import { type Dialect, judgeResults, toCase } from '../jest-json.js';
import { judgeWithoutReport } from '../judge.js';
import { readLines } from '../report-lines.js';

const DIALECT: Dialect = {
  framework: 'jest',
  unfinished: null,
  noTests: /must contain at least one test/,
  retriesLeaveMessages: false,
  heedsCapitals: false,
};

const testCase = z.object({
  ancestorTitles: z.array(z.string()),
  title: z.string(),
  status: z.string(),
  duration: z.number().nullish(),
  failureMessages: z.array(z.string()),
  invocations: z.number().nullish(),
});
const line = z.discriminatedUnion('type', [
  /** A case has ended. If jest repeats it, it ends several times. */
  testCase.extend({ type: z.literal('case') }),
  /** A file has ended, in one of jest's projects. `message` is that of the file as a whole. */
  z.object({
    type: z.literal('file'),
    path: z.string(),
    project: z.string().nullable(),
    failed: z.boolean(),
    message: z.string(),
    cases: z.array(testCase),
  }),
  z.object({ type: z.literal('end') }),
  /** What kept the process alive after the end of the run. */
  z.object({ type: z.literal('open'), names: z.array(z.string()) }),
]);

/** Reads a report written by reporter.cjs. */
export function readJestReport(evidence: Evidence): Reading {
  const lines = readLines(evidence.reportText, line);
  if (!lines.some(({ type }) => type === 'end')) {
    const ended = new Map(lines.flatMap((event) => (event.type === 'case' ? [[nameOf(event), event]] : [])));
    return judgeWithoutReport(
      'jest',
      evidence,
      [...ended.values()].map((one) => toCase(one, DIALECT)),
    );
  }
  const results = lines.flatMap((event) => {
    if (event.type !== 'file') return [];
    const { path, project, failed, message, cases } = event;
    return [{ name: path, project, status: failed ? 'failed' : 'passed', message, assertionResults: cases }];
  });
  const open = lines.find((event) => event.type === 'open');
  return { ...judgeResults(evidence, results, DIALECT), ...(open && { stayedOpen: open.names }) };
}

const nameOf = ({ ancestorTitles, title }: z.infer<typeof testCase>) => JSON.stringify([...ancestorTitles, title]);
