import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import type { CaseStatus } from '../../src/core/model/cases.js';
import { type Account, type ReportedCase, wholeFile } from './compare.js';
import { readTap } from './own-tap.js';

export const FRAMEWORKS = ['mocha', 'jest', 'vitest', 'node', 'pytest', 'go'] as const;
export type Own = (typeof FRAMEWORKS)[number];

/** How the project itself calls its framework. */
export type OwnCall = {
  readonly cwd: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** pytest: the interpreter of the project. */
  readonly python?: string;
};

/** What stands between the names of groups and cases in the framework's own report. */
export const SEPARATORS: Readonly<Record<Own, string>> = {
  mocha: ' ',
  jest: ' ',
  vitest: ' ',
  node: ' > ',
  pytest: '::',
  go: '/',
};

/** Runs a project's own command, with a reporter that the framework itself brings. */
export async function ownAccount(
  framework: Own,
  call: OwnCall,
): Promise<Account & { readonly wallMs: number; readonly output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-own-'));
  try {
    const cwd = await realpath(call.cwd);
    const report = join(folder, 'report');
    const startedAt = performance.now();
    const [program, ...words] = commandOf(framework, { ...call, cwd }, report);
    const { exitCode, stdout, stderr } = await execa(program ?? '', words, {
      cwd,
      env: { ...call.env },
      reject: false,
      stdin: 'ignore',
      timeout: 300_000,
      maxBuffer: 256 * 1_024 * 1_024,
    });
    const wallMs = performance.now() - startedAt;
    const printed = framework === 'mocha' ? stdout.slice(Math.max(0, stdout.indexOf('{\n  "stats"'))) : ''; // Before version 9.2.
    const text = ['pytest', 'go'].includes(framework) ? stdout : await readFile(report, 'utf8').catch(() => printed);
    const cases = READERS[framework](text, framework === 'go' ? await moduleOf(cwd) : cwd);
    const isComplete = cases !== null;
    return { isGreen: exitCode === 0, isComplete, cases: cases ?? [], flaky: [], wallMs, output: `${stdout}\n${stderr}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function commandOf(framework: Own, { cwd, args = [], python = 'python3' }: OwnCall, report: string): readonly string[] {
  const bin = (name: string) => [process.execPath, join(cwd, 'node_modules/.bin', name)];
  switch (framework) {
    case 'mocha':
      return [...bin('mocha'), ...args, '--reporter=json', `--reporter-option=output=${report}`];
    case 'jest':
      return [...bin('jest'), ...args, '--json', `--outputFile=${report}`, '--coverage=false'];
    case 'vitest':
      return [...bin('vitest'), 'run', ...args, '--reporter=json', `--outputFile=${report}`, '--coverage.enabled=false'];
    case 'node':
      return [process.execPath, '--test', '--test-reporter=tap', `--test-reporter-destination=${report}`, ...args];
    case 'pytest':
      return [python, '-m', 'pytest', ...args, '--verbosity=1', '--color=no', '-rEf', '-o', 'console_output_style=classic'];
    case 'go':
      return ['go', 'test', '-count=1', '-json', ...args, './...'];
  }
}

/** The module in a folder, as the root of its packages. */
const moduleOf = async (cwd: string) => `/${/^module (\S+)/m.exec(await readFile(join(cwd, 'go.mod'), 'utf8'))?.[1]}`;

/** The cases of a report, or null if it is not complete. `root`: the folder to which names of files are relative. */
type Reader = (text: string, root: string) => readonly ReportedCase[] | null;

const parsed = (text: string) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

type MochaTest = { fullTitle: string; file?: string };

/** `--reporter json`: three lists of tests. */
export const readMochaJson: Reader = (text, cwd) => {
  const report = parsed(text);
  if (report === null) return null;
  const of = (tests: readonly MochaTest[], status: CaseStatus) =>
    tests.map(({ file, fullTitle }): ReportedCase => ({ file: file ? relative(cwd, file) : null, name: fullTitle, status }));
  return [...of(report.passes, 'passed'), ...of(report.failures, 'failed'), ...of(report.pending, 'skipped')];
};

type JestFile = {
  name: string;
  status: string;
  message?: string;
  assertionResults: readonly { ancestorTitles: readonly string[]; title: string; status: string }[];
};

/** `--json` of jest and `--reporter json` of vitest: files with their cases. A red file without a red case is red as a whole. */
export const readJestJson: Reader = (text, cwd) => {
  const report = parsed(text);
  if (report === null) return null;
  return report.testResults.flatMap(({ name, status, assertionResults }: JestFile) => {
    const file = relative(cwd, name);
    const cases = assertionResults.map(
      (one): ReportedCase => ({ file, name: [...one.ancestorTitles, one.title].join(' '), status: statusOf(one.status) }),
    );
    const isReported = status !== 'failed' || cases.some((one) => one.status === 'failed');
    return isReported ? cases : [...cases, wholeFile(file)];
  });
};

const statusOf = (status: string): CaseStatus => (status === 'passed' || status === 'failed' ? status : 'skipped');

const PYTEST: Readonly<Record<string, CaseStatus>> = {
  PASSED: 'passed',
  XPASS: 'passed',
  FAILED: 'failed',
  ERROR: 'failed',
  SKIPPED: 'skipped',
  XFAIL: 'skipped',
};

/** `-v`: a line for each outcome, and one at the end for each file that cannot be collected. */
export const readPytestLines: Reader = (text) => {
  const hasLeft = /^!+ (?:KeyboardInterrupt|\S*outcomes\.Exit\b.*) !+$/m.test(text);
  if (hasLeft || !/^=+ .*\bin \d+\.\d+s\b.* =+$/m.test(text)) return null;
  const [progress = '', summary = ''] = text.split(/^=+ short test summary info =+$/m);
  const lines = progress.matchAll(/^(\S.*?\.py)::(.*?) (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)(?: \(.*)?$/gm);
  const cases = [...lines].map(
    ([, file = '', name = '', word = '']): ReportedCase => ({ file, name, status: PYTEST[word] ?? 'failed' }),
  );
  // Failed subtests stand in the summary alone.
  const subtests = [...summary.matchAll(/^SUBFAILED(\(.*\)) (\S+\.py)::(.*?)(?: - .*)?$/gm)].map(
    ([, subtest, file = '', name]): ReportedCase => ({ file, name: `${name}::${subtest}`, status: 'failed' }),
  );
  const skipped = [...progress.matchAll(/^(\S+\.py) SKIPPED(?: \(.*)?$/gm)].map(
    ([, file = '']): ReportedCase => ({ file, name: '', status: 'skipped' }),
  );
  const uncollected = [...summary.matchAll(/^ERROR (\S+\.py)(?: - .*)?$/gm)].map(([, file = '']) => wholeFile(file));
  return [...cases, ...subtests, ...skipped, ...uncollected];
};

type GoEvent = { Action: string; Package?: string; ImportPath?: string; Test?: string };
const GO: Readonly<Record<string, CaseStatus>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

/**
 * `-json`: an event for each test that ended. A red package without a red test is red as a whole; a red test of a package that go calls ok
 * is one that another test expects to fail.
 */
export const readGoJson: Reader = (text, root) => {
  const events = text.split('\n').flatMap((line): GoEvent[] => (line.startsWith('{') ? [parsed(line)] : []));
  const packages = [...new Set(events.flatMap(({ Package }) => Package ?? []))];
  return packages.flatMap((name) => {
    const own = events.filter(({ Package }) => Package === name);
    const isRed = own.some(({ Test, Action }) => Test === undefined && Action === 'fail');
    const file = relative(root, `/${name}`) || '.';
    const cases = own.flatMap(({ Test, Action }): ReportedCase[] => {
      const status = GO[Action];
      if (Test === undefined || status === undefined) return [];
      return [{ file, name: Test, status: status === 'failed' && !isRed ? 'skipped' : status }];
    });
    return isRed && !cases.some(({ status }) => status === 'failed') ? [...cases, wholeFile(file)] : cases;
  });
};

const READERS: Readonly<Record<Own, Reader>> = {
  mocha: readMochaJson,
  jest: readJestJson,
  vitest: readJestJson,
  node: readTap,
  pytest: readPytestLines,
  go: readGoJson,
};
