import { join } from 'node:path';
import { z } from 'zod';
import type { CaseStatus, TestCase } from '../../core/model/cases.js';
import type { Evidence, Reading } from '../framework.js';
import { caseText, fileCase, judgeReport, judgeWithoutReport } from '../judge.js';
import { ofThisFile } from '../of-this-file.js';
import { projectPart } from './patterns.js';

const problem = z.object({
  message: z.string().default(''),
  stack: z.string().optional(),
  location: z.object({ file: z.string() }).optional(),
});
const result = z.object({ duration: z.number(), error: problem.optional() });
const testInProject = z.object({
  projectName: z.string(),
  /** The result over all tries, compared with what the test expects. */
  status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
  /** One per try; empty if the test was not reached. */
  results: z.array(result),
  annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })).default([]),
});
const spec = z.object({ title: z.string(), tests: z.array(testInProject) });
const suite = z.object({
  title: z.string(),
  /** Path of the test file, relative to `rootDir`. */
  file: z.string(),
  specs: z.array(spec),
  get suites() {
    return z.array(suite).optional();
  },
});
const report = z.object({
  config: z.object({ rootDir: z.string() }),
  /** One per file. */
  suites: z.array(suite),
  /** Errors of the run as a whole, or of files that could not be loaded. */
  errors: z.array(problem).default([]),
});
type Report = z.infer<typeof report>;
type TestInProject = z.infer<typeof testInProject>;
type FoundTest = TestInProject & { readonly titles: readonly string[] };

/** Parses the output of playwright's `json` reporter (https://playwright.dev/docs/test-reporters#json-reporter); null if invalid. */
export function parsePlaywrightReport(text: string | null): Report | null {
  try {
    return report.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}

/** Errors outside of tests, except that there are no tests. */
export const problemsOf = ({ errors }: Report) => errors.filter(({ message }) => !NO_TESTS.test(message));

/** Judges the run of one file, including the project dependencies that ran before it. */
export function readPlaywrightReport(evidence: Evidence): Reading {
  const parsed = parsePlaywrightReport(evidence.reportText);
  if (parsed === null) return judgeWithoutReport('playwright', evidence);
  const files = parsed.suites.map((suite) => ({ name: join(parsed.config.rootDir, suite.file), tests: testsOf(suite) }));
  const ours = ofThisFile(evidence, files);
  const tests = ours.flatMap((file) => file.tests);
  const reached = tests.filter((test) => test.results.length > 0);
  const cases = reached.map(toCase);

  const noBrowser = cases.find(({ message }) => message !== null && NO_BROWSER.test(message));
  if (noBrowser)
    return { kind: 'couldNotRun', cases: [], reason: `There is no browser for playwright here: ${noBrowser.message}` };

  const errors = problemsOf(parsed);
  if (errors.length > 0)
    return { kind: 'failed', cases: [...cases, ...errors.map(({ message }) => fileCase(evidence, message))] };

  const redOfOthers = files.filter((file) => !ours.includes(file)).flatMap((file) => file.tests.filter(isRed));
  if (reached.length < tests.length && !cases.some(({ status }) => status === 'failed')) {
    const [first] = redOfOthers;
    if (first === undefined) return judgeWithoutReport('playwright', evidence, cases);
    const { name, message } = toCase(first);
    return {
      kind: 'failed',
      cases: [...cases, fileCase(evidence, `It depends on "${name.join(' › ')}", which failed: ${message}`)],
    };
  }
  return judgeReport('playwright', redOfOthers.length > 0 ? { ...evidence, exitCode: 0 } : evidence, cases);
}

const NO_TESTS = /^Error: No tests found/;
/** The browser is not installed on this machine, which is not the test's fault. */
const NO_BROWSER = /^(?:Error: )?browserType\.launch\w*: Executable doesn't exist/;

function testsOf({ specs, suites = [] }: z.infer<typeof suite>): FoundTest[] {
  const own = specs.flatMap(({ title, tests }) => tests.map((test) => ({ ...test, titles: [title] })));
  const inner = suites.flatMap((group) => testsOf(group).map((test) => ({ ...test, titles: [group.title, ...test.titles] })));
  return [...own, ...inner];
}

const isRed = ({ status }: TestInProject) => status === 'unexpected';

const STATUSES: Readonly<Record<TestInProject['status'], CaseStatus>> = {
  expected: 'passed',
  flaky: 'passed',
  unexpected: 'failed',
  skipped: 'skipped',
};

function toCase({ projectName, titles, status, results, annotations }: FoundTest): TestCase {
  const isFailed = status === 'unexpected';
  const error = isFailed ? results.at(-1)?.error : undefined;
  const skip = annotations.find(({ type }) => type === 'skip' || type === 'fixme');
  const message = isFailed ? (error?.message ?? 'It was expected to fail, and passed.') : (skip?.description ?? null);
  return {
    name: [...projectPart(projectName), ...titles],
    status: STATUSES[status],
    durationMs: results.reduce((sum, { duration }) => sum + duration, 0),
    message: message === null ? null : caseText(message),
    ...(error?.stack ? { stack: caseText(error.stack) } : {}),
    ...(results.length > 1 ? { retries: results.length - 1 } : {}),
  };
}
