import { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
import { FRAMEWORKS } from '../core/model/frameworks.js';
import { caseWords, commandReport } from './command-schemas.js';
import {
  duration,
  fileOnly,
  globList,
  lastWord,
  number,
  oneOf,
  option,
  optionalInFile,
  switchOf,
  toggle,
} from './define-option.js';
import { MASK } from './option.js';
import { ruleSchema } from './rule-schema.js';
import { choice, commandLine, flag, patterns, retryLimit, text, words } from './value-schemas.js';

const SOURCE = '{ "kind": "checkout" } or { "kind": "git", "remote": …, "revision": … }';
const source = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('checkout') }),
    z.strictObject({ kind: z.literal('git'), remote: text, revision: text.meta({ description: 'Branch, tag or commit.' }) }),
  ],
  SOURCE,
);

const environment = z.strictObject(
  {
    pass: z
      .array(text, 'a list of names')
      .meta({ description: 'Names of variables that tests get; all when absent.' })
      .optional(),
    set: z
      .record(text, z.string('a string'), 'an object of strings')
      .meta({ description: 'Variables set for tests.' })
      .optional(),
  },
  'an object',
);

/** Masks the values, which may be secrets. */
const maskSet = ({ set, ...rest }: z.output<typeof environment>) =>
  set === undefined ? rest : { ...rest, set: Object.fromEntries(Object.keys(set).map((name) => [name, MASK])) };

/**
 * Options of a suite, by their keys in the configuration file. A flag or variable applies to all suites of the command. To add
 * one, add a row here, a field of the same name to SuiteSpec (core/model/suite.ts), and the code that uses it.
 */
export const SUITE_OPTIONS = {
  framework: option(choice(FRAMEWORKS), lastWord(String), {
    group: 'Which tests',
    flags: '--framework <name>',
    default: null,
    defaultText: 'detected in the suite’s folder',
    about: `framework of the suite: ${FRAMEWORKS.join(', ')}`,
    page: 'frameworks.md',
  }),
  include: globList({
    group: 'Which tests',
    flags: '--include <glob>',
    defaultText: 'all files that the framework lists',
    about: 'globs of the test files, relative to the suite’s folder',
  }),
  exclude: globList({
    group: 'Which tests',
    flags: '--exclude <glob>',
    defaultText: 'none',
    about: 'globs of files to leave out; wins over include',
  }),
  cwd: fileOnly(text.regex(/^(?![/\\]|[A-Za-z]:)(?!(.*[/\\])?\.\.([/\\]|$))/, 'a folder inside the project, relative to it'), {
    group: 'Which tests',
    default: '.',
    about: 'folder of the suite, relative to the project',
  }),
  source: fileOnly(source, {
    group: 'Which tests',
    default: { kind: 'checkout' },
    about: `where workers find the code: the folder they start in, or a git remote; ${SOURCE}`,
  }),
  manual: fileOnly(flag, { group: 'Which tests', default: false, about: 'run the suite only when it is named with --suite' }),
  args: fileOnly(words, {
    group: 'Which tests',
    default: [],
    defaultText: 'none',
    about: 'arguments for the framework; those after -- on the command line are added',
  }),
  command: optionalInFile(commandLine('["sh", "{file}"]'), {
    group: 'Which tests',
    isRare: true,
    about:
      'framework command: the words of the command, with {file} for the test file and {scratch} for a new folder; no shell reads them',
    page: 'frameworks.md',
  }),
  list: optionalInFile(commandLine('["sh", "list-tests.sh"]'), {
    group: 'Which tests',
    isRare: true,
    about: 'framework command: a command that prints the test files, one path per line or a JSON array',
    page: 'frameworks.md',
  }),
  select: optionalInFile(caseWords, {
    group: 'Which tests',
    isRare: true,
    about: 'framework command: words after the command that run only the named cases, or all others; {case} or {cases}',
    page: 'frameworks.md',
  }),
  report: optionalInFile(commandReport, {
    group: 'Which tests',
    isRare: true,
    about:
      'framework command: kind of its report, and its path, which may contain {file} and {scratch}; standard output without path',
    page: 'frameworks.md',
  }),
  serve: optionalInFile(commandLine('["sh", "serve.sh"]'), {
    group: 'Which tests',
    isRare: true,
    about: 'framework command: a program that runs file after file',
    page: 'warm-sessions.md#commands-that-serve',
  }),
  env: fileOnly(environment, {
    group: 'Which tests',
    default: {},
    defaultText: 'all variables pass',
    about:
      'variables that tests get (pass), of the command that started the run or, on a fleet, of the worker; and variables set for them (set)',
    shown: maskSet,
  }),
  rules: fileOnly(z.array(ruleSchema, 'a list of rules, such as [{ "files": "tests/slow/**", "timeoutMs": 1800000 }]'), {
    group: 'Which tests',
    default: [],
    defaultText: 'none',
    about: 'settings for some files only; of several matching rules with the same setting, the first wins',
    page: 'configuration.md#rules',
  }),

  retries: number({
    group: 'Retries and repetition',
    flags: '--retries <n>',
    least: 0,
    default: DEFAULTS.retries,
    about: 'retries of a red file',
    page: 'ordering.md#retries',
  }),
  retryWhen: oneOf(['now', 'end'], {
    group: 'Retries and repetition',
    flags: '--retry-when <when>',
    default: 'now',
    about: 'retry at once (now), or after every file has started (end)',
  }),
  maxRetriesTotal: option(retryLimit, lastWord(String), {
    group: 'Retries and repetition',
    flags: '--max-retries-total <limit>',
    default: null,
    defaultText: 'no limit beyond that of each file',
    about: 'most retries in the whole run: 15, or "5%" of its files',
  }),
  retryDelayMs: duration({
    group: 'Retries and repetition',
    least: 0,
    most: DEFAULTS.longestRetryDelayMs,
    default: 0,
    about: 'pause before the first retry of a file; it doubles with each further one, up to ten minutes',
  }),
  retryOn: fileOnly(patterns, {
    group: 'Retries and repetition',
    default: [],
    defaultText: 'everything',
    about: 'regular expressions: only attempts whose output matches one are retried',
  }),
  infraErrors: fileOnly(patterns, {
    group: 'Retries and repetition',
    default: [],
    defaultText: 'none',
    about: 'regular expressions: a red attempt whose output matches one is a loss, not a failure',
  }),
  repeatEach: number({
    group: 'Retries and repetition',
    flags: '--repeat-each <n>',
    least: 1,
    default: 1,
    about: 'run each file this many times, each with a verdict of its own',
  }),
  repeatNew: number({
    group: 'Retries and repetition',
    flags: '--repeat-new <n>',
    least: 1,
    default: 1,
    about: 'run each new or changed file this many times',
    page: 'flaky.md',
  }),

  timeoutMs: duration({
    group: 'Limits',
    flags: '--timeout <duration>',
    most: DEFAULTS.longestTimeoutMs,
    default: null,
    defaultText: 'twice the recorded duration, at least 30 s; 10 min without a record',
    about: 'longest that one attempt may run',
    page: 'ordering.md#timeouts',
  }),
  killGraceMs: duration({
    group: 'Limits',
    least: 0,
    most: DEFAULTS.longestKillGraceMs,
    default: DEFAULTS.killGraceMs,
    about: 'time between SIGTERM and SIGKILL at a timeout',
  }),
  runTimeoutMs: duration({
    group: 'Limits',
    flags: '--run-timeout <duration>',
    default: null,
    defaultText: 'no limit',
    about: 'longest that the run may take; unfinished files are then notRun, and the exit code is 3',
  }),
  heartbeatTimeoutMs: duration({
    group: 'Limits',
    flags: '--heartbeat-timeout <duration>',
    least: DEFAULTS.shortestHeartbeatTimeoutMs,
    default: DEFAULTS.heartbeatTimeoutMs,
    about: 'silence after which a worker counts as gone',
  }),
  maxLosses: number({
    group: 'Limits',
    least: 0,
    default: DEFAULTS.maxLosses,
    about: 'losses a file may have before its verdict is infraError',
  }),
  maxFailures: number({
    group: 'Limits',
    flags: '--max-failures <n>',
    least: 1,
    default: null,
    defaultText: 'never stop early',
    about: 'stop the run after this many failed files',
  }),
  maxInFlight: number({
    group: 'Limits',
    flags: '--max-in-flight <n>',
    least: 1,
    default: null,
    defaultText: 'follows the size of the fleet',
    about: 'most attempts in flight',
  }),

  order: oneOf(['recorded', 'path', 'random'], {
    group: 'Order and load',
    flags: '--order <order>',
    default: 'recorded',
    about: 'recorded (longest first), path or random',
    page: 'ordering.md',
  }),
  speculation: toggle({
    group: 'Order and load',
    flags: '--no-speculation',
    default: true,
    about: 'start speculative attempts for slow files near the end',
    page: 'ordering.md#speculative-attempts',
  }),
  secondLook: toggle({
    group: 'Order and load',
    flags: '--no-second-look',
    default: true,
    about: 'run a file that is red beside others once more by itself, and keep apart those that are green then',
    page: 'company.md',
  }),
  warm: oneOf(['auto', 'on', 'off'], {
    group: 'Order and load',
    flags: '--warm <auto|on|off>',
    default: 'auto',
    about: 'reuse framework processes across files: auto (where start-up dominates), on or off',
    page: 'warm-sessions.md',
  }),

  isolation: oneOf(['file', 'suite'], {
    group: 'Order and load',
    flags: '--isolation <file|suite>',
    default: 'file',
    about: 'file: no file sees what another has done in its process; suite: files share processes, as in pytest’s own run',
    page: 'company.md#files-that-share-a-process',
  }),

  network: oneOf(['shared', 'own'], {
    group: 'Order and load',
    flags: '--network <shared|own>',
    default: 'shared',
    about: 'own: each process that runs tests has a loopback of its own, so that fixed ports never meet, and no other network',
    page: 'company.md#a-network-of-their-own',
  }),

  coverage: switchOf({
    group: 'Verdict',
    flags: '--coverage',
    default: 'auto',
    about: 'measure coverage: auto (as the project’s own test command does), on or off; --coverage means on',
    page: 'coverage.md',
  }),
  coverageCommand: optionalInFile(commandLine('["c8", "--all"]'), {
    group: 'Verdict',
    about: 'c8 or nyc, with its options: the program that measures coverage around the framework’s command',
    page: 'coverage.md#c8-and-nyc',
  }),
  passWithNoTests: toggle({
    group: 'Verdict',
    flags: '--pass-with-no-tests',
    default: false,
    about: 'a suite without test files passes',
  }),
  failOnFlaky: toggle({ group: 'Verdict', flags: '--fail-on-flaky', default: false, about: 'a flaky file fails the run' }),
} as const;
