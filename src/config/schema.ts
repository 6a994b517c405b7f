import { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
import { FRAMEWORKS } from '../core/model/frameworks.js';
import { parseRetryLimit } from '../core/schedule/retry.js';

// Each message says what is wanted, to stand after "must be": problems.ts makes the sentence.

const count = (least: number, most: number = DEFAULTS.largestCount) => {
  const wanted = `a whole number from ${least} to ${most}`;
  return z.int(wanted).min(least, wanted).max(most, wanted);
};
const ms = (least: number, most: number) => {
  const wanted = `a whole number of milliseconds from ${least} to ${most}`;
  return z.int(wanted).min(least, wanted).max(most, wanted);
};
const text = z.string('a text').min(1, 'a text that is not empty');
const globs = z.array(text, 'a list of globs');
const flag = z.boolean('true or false');
const object = 'an object';
const deadline = ms(1, DEFAULTS.longestDeadlineMs);
const factor = z
  .number(`a number from 1 to ${DEFAULTS.largestFactor}`)
  .min(1, `a number from 1 to ${DEFAULTS.largestFactor}`)
  .max(DEFAULTS.largestFactor, `a number from 1 to ${DEFAULTS.largestFactor}`);
const patterns = z.array(text.refine(isPattern, 'a regular expression'), 'a list of regular expressions');

/** What keys want that are the words of a command line. */
export const LIST_OF_WORDS = 'a list of words';
const words = z.array(z.string('a text'), LIST_OF_WORDS);
const commandLine = (example: string) => {
  const wanted = `${LIST_OF_WORDS}, such as ${example}`;
  return z.array(z.string('a text'), wanted).min(1, wanted);
};

/** Words that name things in ids, addresses and file names. */
const safeWord = (wanted: string) => z.string(wanted).regex(/^[A-Za-z0-9_][\w.-]{0,99}$/, wanted);

function isPattern(word: string): boolean {
  try {
    return new RegExp(word, 'm') instanceof RegExp;
  } catch {
    return false;
  }
}

const RETRY_LIMIT = 'a whole number, or a share of the files such as "5%"';
/** `15` or `"5%"`. */
export const retryLimit = z
  .union([count(0), z.string(RETRY_LIMIT)], RETRY_LIMIT)
  .refine((value) => parseRetryLimit(String(value)) !== null, RETRY_LIMIT);

/** Whether files share processes. */
export const WARM = ['auto', 'on', 'off'] as const;

/** Who goes first. */
export const ORDERS = ['recorded', 'path', 'random'] as const;

const source = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('checkout') }),
    z.strictObject({ kind: z.literal('git'), remote: text, revision: text.meta({ description: 'Branch, tag or commit.' }) }),
  ],
  '{ "kind": "checkout" } or { "kind": "git", "remote": …, "revision": … }',
);

/** Amounts of named resources. */
const resources = z.record(safeWord('a name of letters, digits, -, _ and .'), count(1), 'an object of numbers by name');

const rule = z
  .strictObject(
    {
      files: text.meta({ description: 'Glob, relative to cwd.' }),
      deadlineMs: deadline.meta({ description: 'Longest one attempt may run.' }).optional(),
      retries: count(0).meta({ description: 'Repeats when it is red.' }).optional(),
      priority: z.literal('first', '"first"').meta({ description: 'Ahead of all other files.' }).optional(),
      serial: safeWord('a name of letters, digits, -, _ and .')
        .meta({ description: 'Of the files with this name never two run at once, in any run.' })
        .optional(),
      slots: count(1).meta({ description: 'Slots of a worker that the file takes.', default: 1 }).optional(),
      memoryMb: count(1, DEFAULTS.largestMemoryMb)
        .meta({ description: 'Memory that the file takes: as many slots of a worker as have it.' })
        .optional(),
      resources: resources.meta({ description: 'How much of which named resources it takes while it runs.' }).optional(),
      repeatable: flag.meta({ description: 'False: never a second copy of it.', default: true }).optional(),
      splitOver: ms(1, DEFAULTS.longestMs)
        .meta({ description: 'Expected to take longer, it is split into its cases.' })
        .optional(),
    },
    object,
  )
  .refine((told) => Object.keys(told).length > 1, 'a rule that tells something beside its files');

/** One suite of the configuration file. Everything is optional: defaults are in the options table. */
export const suiteSchema = z
  .strictObject(
    {
      framework: z
        .enum(FRAMEWORKS, `one of ${FRAMEWORKS.join(', ')}`)
        .meta({ description: 'Detected in the suite’s folder when absent.' }),
      command: commandLine('["sh", "{file}"]').meta({
        description: 'Framework "command": the words of the command; {file} stands for the test file. No shell reads them.',
      }),
      junit: text.meta({
        description: 'Framework "command": where the command leaves JUnit XML; {file} allowed; relative to cwd.',
      }),
      serve: commandLine('["sh", "serve.sh"]').meta({
        description: 'Framework "command": a program that runs file after file, for warm sessions; docs/warm-sessions.md.',
      }),
      args: words.meta({ description: 'Words handed to the framework.' }),
      include: globs.meta({
        description: 'Globs of the test files, relative to cwd. Without any: all that the framework lists.',
      }),
      exclude: globs.meta({ description: 'Globs of files that are left out; wins over include.' }),
      cwd: text
        .regex(/^(?![/\\]|[A-Za-z]:)(?!(.*[/\\])?\.\.([/\\]|$))/, 'a folder inside the project, relative to it')
        .meta({ description: 'Folder of the suite, relative to this file.', default: '.' }),
      env: z.strictObject(
        {
          pass: z
            .array(text, 'a list of names')
            .meta({ description: 'Variables that pass to the tests; all when absent.' })
            .optional(),
          set: z
            .record(text, z.string('a text'), 'an object of texts')
            .meta({ description: 'Variables set for the tests.' })
            .optional(),
        },
        object,
      ),
      retries: count(0).meta({ description: 'Repeats of a red file.', default: DEFAULTS.retries }),
      maxLosses: count(0).meta({ description: 'Workers one file may use up.', default: DEFAULTS.maxLosses }),
      deadlineMs: deadline.meta({
        description: 'Longest one attempt may run; told, no deadline follows from recorded durations.',
        default: DEFAULTS.deadlineMs,
      }),
      deadlines: z
        .strictObject(
          { fromHistory: flag, softFactor: factor, hardFactor: factor, floorMs: deadline, unknownMs: deadline },
          'an object such as { "fromHistory": true, "softFactor": 2, "hardFactor": 3, "floorMs": 30000, "unknownMs": 300000 }',
        )
        .partial()
        .refine(
          ({ softFactor = DEFAULTS.historyDeadlines.softFactor, hardFactor = DEFAULTS.historyDeadlines.hardFactor }) =>
            softFactor <= hardFactor,
          'an object whose softFactor is not above its hardFactor',
        )
        .meta({
          description:
            'Deadlines from recorded durations: asked to end at softFactor times the usual, killed at hardFactor times; never below floorMs; unknownMs for files without a record.',
        }),
      killGraceMs: ms(0, DEFAULTS.longestKillGraceMs).meta({
        description: 'Between SIGTERM and SIGKILL at a deadline.',
        default: DEFAULTS.killGraceMs,
      }),
      runDeadlineMs: ms(1, DEFAULTS.longestMs).meta({
        description: 'Longest the run may take; the rest is then not run. No limit when absent.',
      }),
      rules: z
        .array(rule, 'a list of rules, such as [{ "files": "tests/slow/**", "deadlineMs": 1800000 }]')
        .meta({ description: 'What holds for some files only; of those that tell the same, the first that matches wins.' }),
      order: z
        .enum(ORDERS, `one of ${ORDERS.join(', ')}`)
        .meta({ description: 'Who goes first: the longest by recorded durations, by path, or by chance.', default: 'recorded' }),
      retryWhen: z
        .enum(['now', 'end'], 'now or end')
        .meta({ description: 'Red files are repeated at once, or when every file has had its turn.', default: 'now' }),
      maxRetriesTotal: retryLimit.meta({
        description: 'Repeats in the whole run at most: a number, or a share of the files such as "5%".',
      }),
      retryDelayMs: ms(0, DEFAULTS.longestRetryDelayMs).meta({
        description: 'Pause before the first repeat of a file.',
        default: 0,
      }),
      retryBackoff: factor.meta({
        description: 'Each further repeat waits so many times as long.',
        default: DEFAULTS.retryBackoff,
      }),
      retryOn: patterns.meta({ description: 'Only red attempts that said something like this are repeated.' }),
      retryNotOn: patterns.meta({ description: 'Red attempts that said something like this are not repeated.' }),
      infraErrors: patterns.meta({
        description: 'Red attempts that said something like this are the machine’s doing: a loss, not a failure.',
      }),
      repeatNew: count(1).meta({ description: 'Runs of each file that is new or has changed.', default: 1 }),
      speculation: flag.meta({ description: 'Start a second copy of a slow file on an idle slot near the end.', default: true }),
      heartbeatTimeoutMs: ms(DEFAULTS.shortestHeartbeatTimeoutMs, DEFAULTS.longestMs).meta({
        description: 'Silence of a worker that means it is gone.',
        default: DEFAULTS.heartbeatTimeoutMs,
      }),
      maxFailures: count(1).nullable().meta({ description: 'Stop after so many failed files; null never.', default: null }),
      maxInFlight: count(1)
        .nullable()
        .meta({ description: 'Attempts in flight at most; null: as the fleet allows.', default: null }),
      repeatEach: count(1).meta({ description: 'Independent runs of each file.', default: 1 }),
      passWithNoTests: flag.meta({ description: 'No test file is a pass.', default: false }),
      warm: z.enum(WARM, `one of ${WARM.join(', ')}`).meta({
        description:
          'Files share processes that are kept, where the framework has such; auto: where starting one takes a good part of the file.',
        default: 'auto',
      }),
      failOnFlaky: flag.meta({ description: 'A flaky file fails the run.', default: false }),
      source: source.meta({ description: 'Where a worker finds the code.', default: { kind: 'checkout' } }),
      manual: flag.meta({ description: 'Run only when named with --suite.', default: false }),
    },
    object,
  )
  .partial();

const MOST_SEED = 2 ** 32 - 1;
const SEED = `a whole number from 0 to ${MOST_SEED}`;

/** How long a worker may take to leave. */
export const shutdownGraceSchema = ms(1, DEFAULTS.longestKillGraceMs);

/** Files, or MB, after which a worker leaves. */
export const recycleSchema = z
  .int('a whole number from 1')
  .min(1, 'a whole number from 1')
  .max(Number.MAX_SAFE_INTEGER, 'a whole number from 1');

/** Of a random order. */
export const seedSchema = z.int(SEED).min(0, SEED).max(MOST_SEED, SEED);

/** Files a worker runs at once. */
export const slotsSchema = count(1);

/** An address for a browser or a program. */
export const httpAddressSchema = z.url({ protocol: /^https?$/, error: 'an http:// or https:// address' });

/** Prefix of the task queues. */
export const queuePrefixSchema = safeWord('letters, digits, -, _ and . (at most 100)');

const SUITE_NAME = 'a name of letters, digits, -, _ and . (no slash)';

/** The configuration file. */
export const configSchema = z.strictObject(
  {
    $schema: z.string('a text').optional(),
    suites: z
      .record(safeWord(SUITE_NAME), suiteSchema, 'an object of suites by name')
      .refine((suites) => Object.keys(suites).length > 0, 'an object of at least one suite')
      .meta({ description: 'Suites by name. Absent: one suite, named after the framework found.' })
      .optional(),
    worker: z
      .strictObject(
        {
          slots: count(1).meta({ description: 'Files a worker runs at once; its cores when absent.' }).optional(),
          shutdownGraceMs: shutdownGraceSchema
            .meta({ description: 'How long a worker may take to leave.', default: DEFAULTS.shutdownGraceMs })
            .optional(),
        },
        object,
      )
      .optional(),
    resources: resources
      .meta({ description: 'Capacities of the resources that rules name, shared by all runs of the installation.' })
      .optional(),
    queuePrefix: queuePrefixSchema.meta({ description: 'Prefix of the task queues.', default: DEFAULTS.queuePrefix }).optional(),
  },
  'an object with suites',
);

export type SuiteConfig = z.output<typeof suiteSchema>;
export type HoldfastConfig = z.output<typeof configSchema>;
