import type { TestCase } from '../core/model/cases.js';
import type { AttemptReport, FileReport, SuiteReport } from '../core/model/suite-report.js';
import { VERDICT_WORDS } from '../core/model/totals.js';
import { viewOfReport } from '../render/file-view.js';
import { firstLine, plainText } from '../render/plain.js';
import { endOf, lossOf, plural } from '../render/wording.js';

/** A file as a JUnit test suite, before serialization. */
export type JUnitSuite = {
  readonly name: string;
  /** null for a suite that stands for a run. */
  readonly file: string | null;
  readonly timestamp: string;
  readonly timeMs: number;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly JUnitCase[];
  readonly output: string;
};

export type JUnitCase = {
  readonly name: string;
  readonly timeMs: number;
  readonly status:
    | { readonly kind: 'passed' }
    | { readonly kind: 'skipped'; readonly message: string }
    | ({ readonly kind: 'failure' | 'error' } & Trouble);
  /** Failures in other attempts, as in Maven Surefire: `flaky…` if the case finally passed, `rerun…` if it did not. */
  readonly reruns: readonly ({ readonly kind: 'flakyFailure' | 'flakyError' | 'rerunFailure' | 'rerunError' } & Trouble)[];
  readonly output: string;
};

type Trouble = { readonly message: string; readonly type: string; readonly detail: string };

type FileOfSuite = { readonly file: FileReport; readonly run: SuiteReport['run']; readonly isOneOfSeveral: boolean };

/** One test suite per file, plus one for each run that has a problem or is not green although none of its files is red. */
export function suitesOf(reports: readonly SuiteReport[]): JUnitSuite[] {
  const isOneOfSeveral = reports.length > 1;
  return reports.flatMap((report) => {
    const suites = report.files.map((file) => suiteOfFile({ file, run: report.run, isOneOfSeveral }));
    const isUnexplained = report.run.status !== 'passed' && !suites.some(({ cases }) => cases.some(isRedCase));
    return report.run.problem !== null || isUnexplained ? [...suites, runProblemSuite(report)] : suites;
  });
}

/** Whether this case makes its suite fail. */
export function isRedCase({ status }: JUnitCase): boolean {
  return status.kind === 'failure' || status.kind === 'error';
}

/** The test suite of one file: the cases of the deciding attempt, plus a case named after the file for anything they do not cover. */
function suiteOfFile({ file, run, isOneOfSeveral }: FileOfSuite): JUnitSuite {
  const last = file.attempts.at(-1);
  const deciding = decidingAttempt(file);
  const repeat = file.repeat > 1 ? ` (repeat ${file.repeat})` : '';
  const name = `${isOneOfSeveral ? `${run.suite}: ` : ''}${file.path}${repeat}`;
  const cases = casesOf(file, deciding);
  const ofFile = caseOfFile(file, deciding, cases.length === 0);
  return {
    name,
    file: file.path,
    timestamp: last?.startedAt ?? run.startedAt,
    timeMs: last?.durationMs ?? 0,
    properties: propertiesOf(file, run),
    cases: [...cases, ...(ofFile === null ? [] : [{ ...ofFile, name }])],
    output: last === undefined || last.outcome === 'passed' ? '' : last.outputTail,
  };
}

/** Says why a run is not green although no file is red, so that it does not look green to a reader of the JUnit report alone. */
function runProblemSuite({ run, totals }: SuiteReport): JUnitSuite {
  const message =
    run.problem ??
    `The run is ${run.status}: ${plural(totals.flaky, 'flaky file')}, ${totals.lost} without a verdict, ${totals.countedTwice} counted twice.`;
  const status = { kind: 'error', message: firstLine(message), type: run.status, detail: message } as const;
  return {
    name: run.suite,
    file: null,
    timestamp: run.startedAt,
    timeMs: 0,
    properties: [['holdfast.run', run.id]],
    cases: [{ name: `run ${run.id}`, timeMs: 0, status, reruns: [], output: '' }],
    output: '',
  };
}

/** The attempt whose cases count; undefined if the file was lost after it, consistent with the totals. */
function decidingAttempt({ verdict, attempts, losses }: FileReport): AttemptReport | undefined {
  const last = attempts.at(-1);
  const loss = losses.at(-1);
  const isLostAfter = verdict === 'infraError' || (verdict === 'notRun' && last && loss && loss.at > last.startedAt);
  return isLostAfter ? undefined : last;
}

function othersOf(file: FileReport, deciding: AttemptReport | undefined): AttemptReport[] {
  return file.attempts.filter((attempt) => attempt !== deciding);
}

/** The cases of the deciding attempt, each with its earlier failures. Cases that share a name are matched by position. */
function casesOf(file: FileReport, deciding: AttemptReport | undefined): JUnitCase[] {
  const earlier = othersOf(file, deciding).map(({ cases }) => byKey(cases));
  const cases = [...byKey(deciding?.cases ?? [])].map(([key, testCase]) => {
    const before = earlier
      .map((cases) => cases.get(key))
      .filter((found) => found?.status === 'failed')
      .flatMap((found) => found ?? []);
    return judgeCase(testCase, before, file.verdict === 'quarantined');
  });
  return withOwnNames(cases);
}

/** Readers such as GitLab and Jenkins take cases of one class and name for one, so each further one has a number. */
function withOwnNames(cases: readonly JUnitCase[]): JUnitCase[] {
  const taken = new Set(cases.map(({ name }) => name));
  const seen = new Set<string>();
  return cases.map((testCase) => {
    let name = testCase.name;
    for (let n = 2; seen.has(name) || (name !== testCase.name && taken.has(name)); n += 1) name = `${testCase.name} (${n})`;
    seen.add(name);
    return { ...testCase, name };
  });
}

function judgeCase(testCase: TestCase, before: readonly TestCase[], isQuarantined: boolean): JUnitCase {
  const rest = { name: titleOf(testCase), timeMs: testCase.durationMs, output: testCase.output ?? '' };
  if (testCase.status !== 'failed') {
    const status =
      testCase.status === 'skipped'
        ? ({ kind: 'skipped', message: testCase.message ?? '' } as const)
        : ({ kind: 'passed' } as const);
    return { ...rest, status, reruns: before.map((found) => ({ kind: 'flakyFailure', ...troubleOf(found) })) };
  }
  if (isQuarantined)
    return { ...rest, status: { kind: 'skipped', message: `quarantined: ${firstLine(testCase.message)}` }, reruns: [] };
  // As in Surefire: the first failure is the failure, each later one a rerun.
  const [first = testCase, ...later] = [...before, testCase];
  return {
    ...rest,
    status: { kind: 'failure', ...troubleOf(first) },
    reruns: later.map((found) => ({ kind: 'rerunFailure', ...troubleOf(found) })),
  };
}

/** A case for the file itself; null when its cases cover everything. */
function caseOfFile(file: FileReport, deciding: AttemptReport | undefined, isAlone: boolean): Omit<JUnitCase, 'name'> | null {
  const coveredKeys = new Set(byKey(deciding?.cases ?? []).keys());
  const uncovered = othersOf(file, deciding).filter((attempt) => isRed(attempt) && !isCoveredBy(coveredKeys, attempt));
  const status = statusOfFile(file, deciding);
  if (status.kind === 'passed' && uncovered.length === 0 && !isAlone) return null;
  const isGreen = status.kind === 'passed' || status.kind === 'skipped';
  const reruns = uncovered.map((attempt) => {
    const trouble = attempt.outcome === 'failed' ? ('Failure' as const) : ('Error' as const);
    return { kind: isGreen ? (`flaky${trouble}` as const) : (`rerun${trouble}` as const), ...troubleOfAttempt(attempt) };
  });
  return { timeMs: isAlone ? (deciding?.durationMs ?? 0) : 0, status, reruns, output: '' };
}

function statusOfFile(file: FileReport, last: AttemptReport | undefined): JUnitCase['status'] {
  const hasFailedCase = last?.outcome === 'failed' && last.cases.some(({ status }) => status === 'failed');
  switch (file.verdict) {
    case 'passed':
    case 'flaky':
      return { kind: 'passed' };
    case 'skipped':
      return { kind: 'skipped', message: file.reason ?? 'no tests' };
    case 'quarantined':
      if (last === undefined || !isRed(last) || hasFailedCase) return { kind: 'passed' };
      return { kind: 'skipped', message: `quarantined: ${endOf(last)}` };
    case 'failed':
      if (last === undefined) return { kind: 'error', message: 'failed', type: 'failed', detail: '' };
      if (hasFailedCase) return { kind: 'passed' };
      return { kind: last.outcome === 'failed' ? 'failure' : 'error', ...troubleOfAttempt(last) };
    case 'infraError':
    case 'notRun': {
      const losses = viewOfReport(file).losses.map(lossOf);
      const lost = losses.length > 0 ? `, ${plural(losses.length, 'attempt')} lost` : '';
      const why = file.reason === null || losses.length > 0 ? '' : `: ${file.reason}`;
      return {
        kind: 'error',
        message: `${VERDICT_WORDS[file.verdict]}${lost}${why}`,
        type: file.verdict,
        detail: losses.join('\n'),
      };
    }
  }
}

function isRed({ outcome }: AttemptReport): boolean {
  return outcome !== 'passed';
}

/** Whether the cases of the deciding attempt cover every failure of this attempt. */
function isCoveredBy(coveredKeys: ReadonlySet<string>, attempt: AttemptReport): boolean {
  const keys = failedKeys(attempt);
  return attempt.outcome === 'failed' && keys.length > 0 && keys.every((key) => coveredKeys.has(key));
}

function failedKeys({ cases }: AttemptReport): string[] {
  return [...byKey(cases)].filter(([, { status }]) => status === 'failed').map(([key]) => key);
}

function byKey(cases: readonly TestCase[]): Map<string, TestCase> {
  const seen = new Map<string, number>();
  return new Map(
    cases.map((testCase) => {
      const name = JSON.stringify(testCase.name);
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      return [`${name} ${nth}`, testCase];
    }),
  );
}

function titleOf({ name }: TestCase): string {
  return plainText(name.join(' > ')); // As it is written, so that names which differ only in control characters are seen to be one.
}

function troubleOf({ message, stack }: TestCase): Trouble {
  const detail = [message ?? '', stack ?? ''].filter(
    (text, index, all) => text !== '' && !(index === 0 && all[1]?.includes(text)),
  );
  return { message: firstLine(message), type: 'failed', detail: detail.join('\n') };
}

function troubleOfAttempt(attempt: AttemptReport): Trouble {
  const detail = [`attempt ${attempt.number} on ${attempt.worker}: ${endOf(attempt)}`, attempt.outputTail]
    .filter(Boolean)
    .join('\n');
  return { message: endOf(attempt), type: attempt.outcome, detail };
}

/** Lists attempts, which judged the test, and losses, which did not, apart. */
function propertiesOf(file: FileReport, run: SuiteReport['run']): [string, string][] {
  const worker = file.attempts.at(-1)?.worker;
  return [
    ['holdfast.suite', run.suite],
    ['holdfast.run', run.id],
    ['holdfast.verdict', file.verdict],
    ['holdfast.attempts', String(file.attempts.length)],
    ['holdfast.losses', String(file.losses.length)],
    ...(file.reason === null ? [] : [['holdfast.reason', file.reason] satisfies [string, string]]),
    ...(file.company === undefined ? [] : [['holdfast.company', file.company] satisfies [string, string]]),
    ...(file.apart === undefined ? [] : [['holdfast.apart', file.apart] satisfies [string, string]]),
    ...(worker === undefined ? [] : [['holdfast.worker', worker] satisfies [string, string]]),
    ...file.attempts.map((attempt): [string, string] => [
      `holdfast.attempt.${attempt.number}`,
      `${endOf(attempt)} on ${attempt.worker} at ${attempt.startedAt}${lookOf(attempt)}`,
    ]),
    ...file.losses.map((loss, index): [string, string] => [`holdfast.loss.${index + 1}`, `${lossOf(loss)}, at ${loss.at}`]),
  ];
}

function lookOf({ alone, after }: AttemptReport): string {
  if (after) return ', after other files in one process';
  return alone ? ', with the machine to itself' : '';
}
