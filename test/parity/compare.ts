import { grouped } from '../../src/adapters/results/rows.js';
import type { CaseStatus } from '../../src/core/model/cases.js';
import type { SuiteReport } from '../../src/core/model/suite-report.js';

/** What is said of one case. An empty name is the file as a whole; null is a file that the framework's reporter does not name. */
export type ReportedCase = { readonly file: string | null; readonly name: string; readonly status: CaseStatus };

/** What one run says of a suite: the framework's own, or one of Holdfast. */
export type Account = {
  readonly isGreen: boolean;
  /** False: the process ended before its reporter did, so that its cases say nothing. */
  readonly isComplete: boolean;
  readonly cases: readonly ReportedCase[];
  /** Files that were red once and green later in the same run. */
  readonly flaky: readonly string[];
};

export type Difference =
  | { readonly kind: 'verdict'; readonly own: string; readonly ours: string }
  | { readonly kind: 'missing' | 'extra'; readonly file: string | null; readonly name: string; readonly status: CaseStatus }
  | {
      readonly kind: 'status';
      readonly file: string | null;
      readonly name: string;
      readonly own: CaseStatus;
      readonly ours: CaseStatus;
    }
  | { readonly kind: 'flaky'; readonly file: string };

/** What a database of results cannot hold, and shows as U+FFFD. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** TAP, which names no files, cannot hold these. */
const SPACES_AT_END = / +(?= > |$)/g;

/** Every difference between what the framework says by itself and what Holdfast says. Cases that share a name are counted. */
export function differences(own: Account, ours: Account): readonly Difference[] {
  const flaky = ours.flaky.map((file): Difference => ({ kind: 'flaky', file }));
  // Its exit code may be 0: whoever leaves in the middle has no verdict, and must be red here.
  const isGreen = own.isGreen && own.isComplete;
  const verdict: readonly Difference[] =
    isGreen === ours.isGreen ? [] : [{ kind: 'verdict', own: colour(isGreen), ours: colour(ours.isGreen) }];
  return [...verdict, ...(own.isComplete ? ofCases(own, ours) : []), ...flaky];
}

function ofCases(own: Account, ours: Account): readonly Difference[] {
  const namesFiles = own.cases.some(({ file }) => file !== null);
  // Red, and no case says why: the exit code of a framework names no file, ours is a case of one.
  const isUnexplained = !own.isGreen && !own.cases.some(({ status }) => status === 'failed');
  const reported = ours.cases.filter(({ name, status }) => name !== '' || (status !== 'passed' && !isUnexplained));
  const ownReported = own.cases.filter(({ name, status }) => name !== '' || status !== 'passed'); // node has a case for a file that has none.
  const keyOf = ({ file, name }: ReportedCase) => {
    const text = name.replace(UNSTORABLE, '\uFFFD');
    return namesFiles ? JSON.stringify([file, text]) : text.replace(SPACES_AT_END, '');
  };
  const byKey = (cases: readonly ReportedCase[]) => grouped(cases, keyOf, (one) => one);
  const [left, right] = [byKey(ownReported), byKey(reported)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => ofOneName(left.get(key) ?? [], right.get(key) ?? []));
}

/** Of cases with one name: those of the same status are the same. */
function ofOneName(own: readonly ReportedCase[], ours: readonly ReportedCase[]): readonly Difference[] {
  const rest = [...ours];
  const unmatched = own.filter(({ status }) => {
    const at = rest.findIndex((one) => one.status === status);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  const pairs = Math.min(unmatched.length, rest.length);
  return [
    ...unmatched.slice(0, pairs).map(({ file, name, status }, index): Difference => {
      return { kind: 'status', file, name, own: status, ours: rest[index]?.status ?? status };
    }),
    ...unmatched.slice(pairs).map((reported): Difference => ({ kind: 'missing', ...reported })),
    ...rest.slice(pairs).map((reported): Difference => ({ kind: 'extra', ...reported })),
  ];
}

/** Leaves out what two runs of the framework itself say differently: names with a time, an address or a random number in them. */
export function steady(first: Account, second: Account): (account: Account) => Account {
  const shape = (name: string) => name.replace(/[\da-f]+/g, '0');
  const unsteady = new Set(ofCases(first, second).flatMap((one) => ('name' in one && one.name !== '' ? shape(one.name) : [])));
  return (account) => ({ ...account, cases: account.cases.filter(({ name }) => !unsteady.has(shape(name))) });
}

/** What a run of Holdfast says. `separator` stands between the names of groups and cases, as in the framework's own report. */
export function accountOf(
  { run, files }: Pick<SuiteReport, 'files'> & { run: { exitCode: number } },
  separator: string,
): Account {
  return {
    isGreen: run.exitCode === 0,
    isComplete: true,
    cases: files.flatMap(({ path, attempts }) => {
      const last = attempts.at(-1);
      const cases = (last?.cases ?? []).map(({ name, status }) => reportedCase(path, name, status, separator));
      const isReported = cases.some(({ status }) => status === 'failed');
      return last?.outcome === 'passed' || last?.outcome === 'noTests' || isReported ? cases : [...cases, wholeFile(path)];
    }),
    // A file that is green in the company of others has the verdict of the framework's own run.
    flaky: files.filter(({ verdict, company }) => verdict === 'flaky' && company === undefined).map(({ path }) => path),
  };
}

/** A case that is named after its file is the file as a whole. */
export const reportedCase = (file: string, name: readonly string[], status: CaseStatus, separator: string): ReportedCase => ({
  file,
  name: name.length === 1 && name[0] === file ? '' : name.join(separator),
  status,
});

export const wholeFile = (file: string | null): ReportedCase => ({ file, name: '', status: 'failed' });

const colour = (isGreen: boolean) => (isGreen ? 'green' : 'red');

/** One line for a difference. */
export function inWords(difference: Difference): string {
  switch (difference.kind) {
    case 'verdict':
      return `the suite is ${difference.ours}, by itself ${difference.own}`;
    case 'status':
      return `${placeOf(difference)} ${difference.ours}, by itself ${difference.own}`;
    case 'missing':
      return `${placeOf(difference)} is missing (by itself ${difference.status})`;
    case 'extra':
      return `${placeOf(difference)} is one too many (${difference.status})`;
    case 'flaky':
      return `${difference.file} is called flaky`;
  }
}

const placeOf = ({ file, name }: { file: string | null; name: string }) =>
  [file, JSON.stringify(name)].filter((part) => part !== null).join(' ');

/** The files and cases that an account has: those of each status. */
export function sizeOf({ cases }: Account) {
  const count = (wanted: CaseStatus) => cases.filter(({ status }) => status === wanted).length;
  return {
    files: new Set(cases.map(({ file }) => file)).size,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
  };
}
