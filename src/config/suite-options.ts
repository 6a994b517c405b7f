import type { z } from 'zod';
import { DEFAULTS } from '../core/defaults.js';
import type { FrameworkName } from '../core/model/frameworks.js';
import type { OptionSpec } from './option.js';
import { asSchema, asSwitch, asText, each, one, type Parse, toMs, toNumber } from './parse.js';
import { type ORDERS, retryLimit, type SuiteConfig, suiteSchema, type WARM } from './schema.js';

type Numbers =
  | 'retries'
  | 'maxLosses'
  | 'deadlineMs'
  | 'killGraceMs'
  | 'heartbeatTimeoutMs'
  | 'repeatEach'
  | 'repeatNew'
  | 'retryDelayMs'
  | 'maxFailures'
  | 'maxInFlight';
type Switches = 'passWithNoTests' | 'failOnFlaky';
type Said = { readonly flags: string | null; readonly env: string | null; readonly about: string };

const option = <T>(spec: OptionSpec<T, SuiteConfig>) => spec;
const { shape } = suiteSchema;
const number = <T>(schema: z.ZodType<T>) => one(asSchema(schema, toNumber));
const duration = <T>(schema: z.ZodType<T>) => one(asSchema(schema, toMs));

const amount = (key: Numbers, parse: Parse<number>, fallback: number, said: Said) =>
  option<number>({ ...said, file: { key, get: (suite) => suite[key] }, parse, fallback });

const limit = (key: 'maxFailures' | 'maxInFlight', fallbackDetail: string, said: Said) =>
  option<number | null>({
    ...said,
    file: { key, get: (suite) => suite[key] },
    parse: number(shape[key].unwrap()),
    fallback: null,
    fallbackDetail,
  });

const toggle = (key: Switches, said: Said) =>
  option<boolean>({ ...said, file: { key, get: (suite) => suite[key] }, parse: one(asSwitch), fallback: false });

const globs = (key: 'include' | 'exclude', fallbackDetail: string, said: Said) =>
  option<readonly string[]>({
    ...said,
    file: { key, get: (suite) => suite[key] },
    parse: each(asText),
    fallback: [],
    fallbackDetail,
    many: '\n',
  });

/** Options that each suite has for itself; a flag or variable is for all suites of the command. */
export const SUITE_OPTIONS = {
  framework: option<FrameworkName | null>({
    flags: '--framework <name>',
    env: 'HOLDFAST_FRAMEWORK',
    file: { key: 'framework', get: ({ framework }) => framework },
    parse: one(asSchema(shape.framework.unwrap())),
    fallback: null,
    fallbackDetail: 'detected in the suite’s folder',
    about: 'framework of the suite',
  }),
  include: globs('include', 'all that the framework lists', {
    flags: '--include <glob>',
    env: 'HOLDFAST_INCLUDE',
    about: 'test files of the suite, relative to its folder (repeatable)',
  }),
  exclude: globs('exclude', 'none', {
    flags: '--exclude <glob>',
    env: 'HOLDFAST_EXCLUDE',
    about: 'files left out; wins over include (repeatable)',
  }),
  retries: amount('retries', number(shape.retries.unwrap()), DEFAULTS.retries, {
    flags: '--retries <n>',
    env: 'HOLDFAST_RETRIES',
    about: 'repeats of a red file',
  }),
  retryWhen: option<'now' | 'end'>({
    flags: '--retry-when <when>',
    env: 'HOLDFAST_RETRY_WHEN',
    file: { key: 'retryWhen', get: ({ retryWhen }) => retryWhen },
    parse: one(asSchema(shape.retryWhen.unwrap())),
    fallback: 'now',
    about: 'repeat red files now, or at the end when every file has had its turn',
  }),
  maxRetriesTotal: option<string | number | null>({
    flags: '--max-retries-total <limit>',
    env: 'HOLDFAST_MAX_RETRIES_TOTAL',
    file: { key: 'maxRetriesTotal', get: ({ maxRetriesTotal }) => maxRetriesTotal },
    parse: one(asSchema(retryLimit)),
    fallback: null,
    fallbackDetail: 'no limit but that of each file',
    about: 'repeats in the whole run at most: 15, or 2% of its files',
  }),
  retryDelayMs: amount('retryDelayMs', duration(shape.retryDelayMs.unwrap()), 0, {
    flags: null,
    env: 'HOLDFAST_RETRY_DELAY',
    about: 'pause before the first repeat of a file; each further one is longer',
  }),
  order: option<(typeof ORDERS)[number]>({
    flags: '--order <order>',
    env: 'HOLDFAST_ORDER',
    file: { key: 'order', get: ({ order }) => order },
    parse: one(asSchema(shape.order.unwrap())),
    fallback: 'recorded',
    about: 'who goes first: recorded (the longest), path or random',
  }),
  repeatNew: amount('repeatNew', number(shape.repeatNew.unwrap()), 1, {
    flags: '--repeat-new <n>',
    env: 'HOLDFAST_REPEAT_NEW',
    about: 'run each new or changed file so many times',
  }),
  warm: option<(typeof WARM)[number]>({
    flags: '--warm <auto|on|off>',
    env: 'HOLDFAST_WARM',
    file: { key: 'warm', get: ({ warm }) => warm },
    parse: one(asSchema(shape.warm.unwrap())),
    fallback: 'auto',
    about: 'run file after file in processes that are kept, where the framework has such',
  }),
  speculation: option<boolean>({
    flags: '--speculation <true|false>',
    env: 'HOLDFAST_SPECULATION',
    file: { key: 'speculation', get: ({ speculation }) => speculation },
    parse: one(asSwitch),
    fallback: true,
    about: 'start a second copy of a slow file on an idle slot near the end',
  }),
  maxLosses: amount('maxLosses', number(shape.maxLosses.unwrap()), DEFAULTS.maxLosses, {
    flags: null,
    env: 'HOLDFAST_MAX_LOSSES',
    about: 'workers one file may use up',
  }),
  maxFailures: limit('maxFailures', 'never stop early', {
    flags: '--max-failures <n>',
    env: 'HOLDFAST_MAX_FAILURES',
    about: 'stop after so many failed files',
  }),
  maxInFlight: limit('maxInFlight', 'as the fleet allows', {
    flags: '--max-in-flight <n>',
    env: 'HOLDFAST_MAX_IN_FLIGHT',
    about: 'attempts in flight at most',
  }),
  deadlineMs: amount('deadlineMs', duration(shape.deadlineMs.unwrap()), DEFAULTS.deadlineMs, {
    flags: '--timeout <duration>',
    env: 'HOLDFAST_TIMEOUT',
    about: 'longest one attempt at a file may run: 30s, 5m, 1h; a plain number is ms',
  }),
  killGraceMs: amount('killGraceMs', duration(shape.killGraceMs.unwrap()), DEFAULTS.killGraceMs, {
    flags: null,
    env: 'HOLDFAST_KILL_GRACE',
    about: 'between SIGTERM and SIGKILL at a deadline',
  }),
  runDeadlineMs: option<number | null>({
    flags: '--deadline <duration>',
    env: 'HOLDFAST_DEADLINE',
    file: { key: 'runDeadlineMs', get: ({ runDeadlineMs }) => runDeadlineMs },
    parse: duration(shape.runDeadlineMs.unwrap()),
    fallback: null,
    fallbackDetail: 'no limit',
    about: 'longest the run may take; the rest is then not run',
  }),
  heartbeatTimeoutMs: amount('heartbeatTimeoutMs', duration(shape.heartbeatTimeoutMs.unwrap()), DEFAULTS.heartbeatTimeoutMs, {
    flags: '--heartbeat-timeout <duration>',
    env: 'HOLDFAST_HEARTBEAT_TIMEOUT',
    about: 'silence of a worker that means it is gone',
  }),
  repeatEach: amount('repeatEach', number(shape.repeatEach.unwrap()), 1, {
    flags: '--repeat-each <n>',
    env: 'HOLDFAST_REPEAT_EACH',
    about: 'run each file so many times, each with a result of its own',
  }),
  passWithNoTests: toggle('passWithNoTests', {
    flags: '--pass-with-no-tests',
    env: 'HOLDFAST_PASS_WITH_NO_TESTS',
    about: 'no test file is a pass',
  }),
  failOnFlaky: toggle('failOnFlaky', {
    flags: '--fail-on-flaky',
    env: 'HOLDFAST_FAIL_ON_FLAKY',
    about: 'a flaky file fails the run',
  }),
} as const;
