import { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
import { FRAMEWORKS } from '../core/suite.js';

// Each message says what is wanted, to stand after "must be": describe-problems.ts makes the sentence.

const count = (least: number) => {
  const wanted = `a whole number from ${least} to ${DEFAULTS.largestCount}`;
  return z.int(wanted).min(least, wanted).max(DEFAULTS.largestCount, wanted);
};
const ms = (least: number, most: number) => {
  const wanted = `a whole number of milliseconds from ${least} to ${most}`;
  return z.int(wanted).min(least, wanted).max(most, wanted);
};
const text = z.string('a text').min(1, 'a text that is not empty');
const globs = z.array(text, 'a list of globs');
const flag = z.boolean('true or false');
const object = 'an object';

/** Half of what a timer holds: a deadline may be extended by its own length, and a grace follows it. */
const LONGEST_DEADLINE_MS = Math.floor(DEFAULTS.longestMs / 2) - DEFAULTS.longestKillGraceMs - DEFAULTS.stuckWorkerMarginMs;

/** Words that name things in ids, addresses and file names. */
const safeWord = (wanted: string) => z.string(wanted).regex(/^[A-Za-z0-9_][\w.-]{0,99}$/, wanted);

const source = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('checkout') }),
    z.strictObject({ kind: z.literal('git'), remote: text, revision: text.meta({ description: 'Branch, tag or commit.' }) }),
  ],
  '{ "kind": "checkout" } or { "kind": "git", "remote": …, "revision": … }',
);

/** One suite of the configuration file. Everything is optional: defaults are in the options table. */
export const suiteSchema = z
  .strictObject(
    {
      framework: z
        .enum(FRAMEWORKS, `one of ${FRAMEWORKS.join(', ')}`)
        .meta({ description: 'Detected in the suite’s folder when absent.' }),
      command: z
        .array(z.string('a text'), 'a list of words, such as ["sh", "{file}"]')
        .min(1, 'a list of words, such as ["sh", "{file}"]')
        .meta({
          description: 'Framework "command": the words of the command; {file} stands for the test file. No shell reads them.',
        }),
      junit: text.meta({
        description: 'Framework "command": where the command leaves JUnit XML; {file} allowed; relative to cwd.',
      }),
      args: z.array(z.string('a text'), 'a list of words').meta({ description: 'Words handed to the framework.' }),
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
      deadlineMs: ms(1, LONGEST_DEADLINE_MS).meta({ description: 'Longest one attempt may run.', default: DEFAULTS.deadlineMs }),
      killGraceMs: ms(0, DEFAULTS.longestKillGraceMs).meta({
        description: 'Between SIGTERM and SIGKILL at a deadline.',
        default: DEFAULTS.killGraceMs,
      }),
      runDeadlineMs: ms(1, DEFAULTS.longestMs).meta({
        description: 'Longest the run may take; the rest is then not run. No limit when absent.',
      }),
      rules: z
        .array(
          z.strictObject(
            { files: text.meta({ description: 'Glob, relative to cwd.' }), deadlineMs: ms(1, LONGEST_DEADLINE_MS) },
            object,
          ),
          'a list of rules, such as [{ "files": "tests/slow/**", "deadlineMs": 1800000 }]',
        )
        .meta({ description: 'What holds for some files only; the first rule that matches wins.' }),
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
      failOnFlaky: flag.meta({ description: 'A flaky file fails the run.', default: false }),
      source: source.meta({ description: 'Where a worker finds the code.', default: { kind: 'checkout' } }),
      manual: flag.meta({ description: 'Run only when named with --suite.', default: false }),
    },
    object,
  )
  .partial();

/** How long a worker may take to leave. */
export const shutdownGraceSchema = ms(1, DEFAULTS.longestKillGraceMs);

/** Files, or MB, after which a worker leaves. */
export const recycleSchema = z
  .int('a whole number from 1')
  .min(1, 'a whole number from 1')
  .max(Number.MAX_SAFE_INTEGER, 'a whole number from 1');

/** Files a worker runs at once. */
export const slotsSchema = count(1);

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
    queuePrefix: queuePrefixSchema.meta({ description: 'Prefix of the task queues.', default: DEFAULTS.queuePrefix }).optional(),
  },
  'an object with suites',
);

export type SuiteConfig = z.output<typeof suiteSchema>;
export type HoldfastConfig = z.output<typeof configSchema>;
