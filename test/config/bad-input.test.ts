import path from 'node:path';
import { expect, test } from 'vitest';
import { FRAMEWORKS } from '../../src/core/model/frameworks.js';
import { aFolder, flagsOf, refusal, settingsIn, UNIT } from './support.js';

const unit = (change: Readonly<Record<string, unknown>>) => ({ suites: { unit: { ...UNIT, ...change } } });

const COUNT = (least: number) => `a whole number from ${least} to 10000`;

const FILES: readonly (readonly [string, unknown, string])[] = [
  ['a negative number', unit({ retries: -1 }), `suites.unit.retries must be ${COUNT(0)}, not -1.`],
  ['a fraction', unit({ retries: 1.5 }), `suites.unit.retries must be ${COUNT(0)}, not 1.5.`],
  ['an absurd number', unit({ retries: 10_001 }), `suites.unit.retries must be ${COUNT(0)}, not 10001.`],
  ['a number as text', unit({ retries: '2' }), `suites.unit.retries must be ${COUNT(0)}, not "2".`],
  ['no failures allowed', unit({ maxFailures: 0 }), `suites.unit.maxFailures must be ${COUNT(1)}, not 0.`],
  ['nothing in flight', unit({ maxInFlight: 0 }), `suites.unit.maxInFlight must be ${COUNT(1)}, not 0.`],
  ['negative losses', unit({ maxLosses: -1 }), `suites.unit.maxLosses must be ${COUNT(0)}, not -1.`],
  ['no repeat', unit({ repeatEach: 0 }), `suites.unit.repeatEach must be ${COUNT(1)}, not 0.`],
  ['no slot', { suites: { unit: UNIT }, worker: { slots: 0 } }, `worker.slots must be ${COUNT(1)}, not 0.`],
  [
    'no time',
    unit({ timeoutMs: 0 }),
    'suites.unit.timeoutMs must be a whole number of milliseconds from 1 to 1072826823, not 0.',
  ],
  [
    'more time than timers have',
    unit({ timeoutMs: 2 ** 31 - 1 }),
    'suites.unit.timeoutMs must be a whole number of milliseconds from 1 to 1072826823, not 2147483647.',
  ],
  [
    'a heartbeat under a second',
    unit({ heartbeatTimeoutMs: 999 }),
    'suites.unit.heartbeatTimeoutMs must be a whole number of milliseconds from 1000 to 2147483647, not 999.',
  ],
  [
    'a command as one text',
    unit({ command: 'sh {file}' }),
    'suites.unit.command must be a list of words, such as ["sh", "{file}"], not "sh {file}"; it is not run by a shell, so write its words: ["sh","{file}"].',
  ],
  ['an empty command', unit({ command: [] }), 'suites.unit.command must be a list of words, such as ["sh", "{file}"], not [].'],
  ['a glob that is none', unit({ include: ['a', 5] }), 'suites.unit.include[1] must be a string, not 5.'],
  ['include as text', unit({ include: 'tests/*' }), 'suites.unit.include must be a list of globs, not "tests/*".'],
  [
    'an unknown framework',
    unit({ framework: 'jset' }),
    `suites.unit.framework must be one of ${FRAMEWORKS.join(', ')}, not "jset".`,
  ],
  ['a switch as text', unit({ failOnFlaky: 'yes' }), 'suites.unit.failOnFlaky must be true or false, not "yes".'],
  ['an old key', unit({ deadlineMs: 1 }), 'suites.unit.deadlineMs is now called timeoutMs.'],
  ['an old key of the run', unit({ runDeadlineMs: 1 }), 'suites.unit.runDeadlineMs is now called runTimeoutMs.'],
  [
    'an old key of a rule',
    unit({ rules: [{ files: '*', splitOver: 1, retries: 1 }] }),
    'suites.unit.rules[0].splitOver is now called splitOverMs.',
  ],
  ['an old key of a command', unit({ junit: 'r.xml' }), 'suites.unit.junit is now called report.'],
  [
    'a report of no known kind',
    unit({ report: { kind: 'xml' } }),
    'suites.unit.report.kind must be one of junit, tap, go-test-json, not "xml".',
  ],
  [
    'a selection of nothing',
    unit({ report: { kind: 'tap' }, select: { only: ['--all'], except: ['{cases}'] } }),
    'suites.unit.select.only must be a list of words, one of them with {case} or {cases}, not ["--all"].',
  ],
  ['an unknown key', unit({ retires: 1 }), 'suites.unit.retires is not known here; did you mean retries?'],
  ['a key like no other', unit({ colour: 1 }), 'suites.unit.colour is not known here.'],
  ['an unknown key at the top', { suite: {} }, 'suite is not known here; did you mean suites?'],
  ['an unknown key of the worker', { worker: { slot: 1 } }, 'worker.slot is not known here; did you mean slots?'],
  ['an unknown key of env', unit({ env: { passs: [] } }), 'suites.unit.env.passs is not known here; did you mean pass?'],
  [
    'a suite name with a slash',
    { suites: { 'a/b': UNIT } },
    'suites has "a/b", which must be a name of letters, digits, -, _ and . (no slash).',
  ],
  ['no suite', { suites: {} }, 'suites must be an object of at least one suite, not {}.'],
  ['a list of suites', { suites: [] }, 'suites must be an object of suites by name, not [].'],
  ['a suite that is none', { suites: { unit: 'vitest' } }, 'suites.unit must be an object, not "vitest".'],
  ['a file that is a list', [], 'the configuration must be an object with suites, not [].'],
  [
    'a folder outside',
    unit({ cwd: '../other' }),
    'suites.unit.cwd must be a folder inside the project, relative to it, not "../other".',
  ],
  [
    'an absolute folder',
    unit({ cwd: '/srv' }),
    'suites.unit.cwd must be a folder inside the project, relative to it, not "/srv".',
  ],
  [
    'an unknown source',
    unit({ source: { kind: 'svn' } }),
    'suites.unit.source.kind must be { "kind": "checkout" } or { "kind": "git", "remote": …, "revision": … }, not "svn".',
  ],
  [
    'a remote that is not told',
    unit({ source: { kind: 'git', revision: 'main' } }),
    'suites.unit.source.remote must be a string, not nothing.',
  ],
  [
    'a queue prefix with a space',
    { queuePrefix: 'a b' },
    'queuePrefix must be letters, digits, -, _ and . (at most 100), not "a b".',
  ],
];

test.each(FILES)('the file with %s is refused in a sentence', async (_, content, sentence) => {
  const folder = await aFolder({ 'holdfast.config.json': content });
  const { code, exitCode, what } = await refusal(settingsIn(folder));
  expect({ code, exitCode, what }).toEqual({
    code: 'CONFIG_INVALID',
    exitCode: 2,
    what: `${path.join(folder, 'holdfast.config.json')}: ${sentence}`,
  });
});

test('everything wrong in a file is told at once', async () => {
  const folder = await aFolder({ 'holdfast.config.json': { ...unit({ retries: -1, timeoutMs: 0 }), worker: { slots: 'two' } } });
  const { what } = await refusal(settingsIn(folder));
  expect(what.split('\n').map((line) => /: (\S+) must/.exec(line)?.[1])).toEqual([
    'suites.unit.retries',
    'suites.unit.timeoutMs',
    'worker.slots',
  ]);
});

const MEANINGLESS: readonly (readonly [string, object, readonly string[], string])[] = [
  [
    'a command for jest',
    unit({ framework: 'jest' }),
    [],
    'suites.unit.command is only for the framework command, but this suite uses jest.',
  ],
  [
    'no command',
    { suites: { unit: { framework: 'command' } } },
    [],
    'suites.unit.command must be a list of words, such as ["sh", "{file}"], not nothing.',
  ],
  [
    'no globs',
    unit({ include: [] }),
    [],
    'suites.unit.include must be a list of globs: without `list` a command cannot list its files.',
  ],
  [
    'JUnit from jest',
    { suites: { unit: { framework: 'jest', report: { kind: 'junit', path: 'r.xml' } } } },
    [],
    'suites.unit.report is only for the framework command, but this suite uses jest.',
  ],
  [
    'a selection without a report',
    unit({ select: { only: ['{case}'], except: ['!{case}'] } }),
    [],
    'suites.unit.select has no effect without report.',
  ],
  [
    'a command by flag, with no words',
    { suites: { unit: { framework: 'jest' } } },
    ['--framework', 'command'],
    'suites.unit.command must be a list of words, such as ["sh", "{file}"], not nothing.',
  ],
];

test.each(MEANINGLESS)('a suite with %s is refused in a sentence', async (_, content, words, sentence) => {
  const folder = await aFolder({ 'holdfast.config.json': content });
  const { code, what } = await refusal(settingsIn(folder, { words }));
  expect({ code, what }).toEqual({ code: 'CONFIG_INVALID', what: sentence });
});

const DURATION = 'a whole number of milliseconds from 1 to 1072826823';

const WORDS: readonly (readonly [readonly string[], string])[] = [
  [['--retries', '-1'], `--retries must be ${COUNT(0)}, not "-1".`],
  [['--retries', '1.5'], `--retries must be ${COUNT(0)}, not "1.5".`],
  [['--retries', '99999999'], `--retries must be ${COUNT(0)}, not "99999999".`],
  [['--retries', '1e3'], `--retries must be ${COUNT(0)}, not "1e3".`],
  [['--retries', ''], `--retries must be ${COUNT(0)}, not "".`],
  [['--retries', 'many'], `--retries must be ${COUNT(0)}, not "many".`],
  [['--max-failures', '0'], `--max-failures must be ${COUNT(1)}, not "0".`],
  [['--max-in-flight', '0'], `--max-in-flight must be ${COUNT(1)}, not "0".`],
  [['-j', '0'], `--workers must be ${COUNT(1)}, not "0".`],
  [['--repeat-each', '0'], `--repeat-each must be ${COUNT(1)}, not "0".`],
  [['--timeout', '0'], `--timeout must be ${DURATION}, not "0".`],
  [['--timeout', '-5s'], `--timeout must be ${DURATION}, not "-5s".`],
  [['--timeout', '5 minutes'], `--timeout must be ${DURATION}, not "5 minutes".`],
  [['--timeout', '0.5ms'], `--timeout must be ${DURATION}, not "0.5ms".`],
  [['--timeout', '1000h'], `--timeout must be ${DURATION}, not "1000h".`],
  [
    ['--heartbeat-timeout', '500ms'],
    '--heartbeat-timeout must be a whole number of milliseconds from 1000 to 2147483647, not "500ms".',
  ],
  [['--framework', 'jset'], `--framework must be one of ${FRAMEWORKS.join(', ')}, not "jset".`],
  [
    ['--run-id', 'a/b'],
    '--run-id must be a name of letters, digits, ".", "_" and "-" (at most 100, the first a letter, digit or "_"), not "a/b".',
  ],
  [['--suite', ''], '--suite must be a string that is not empty, not "".'],
  [['--reporter', 'teamcity'], 'There is no reporter "teamcity"; there are live, ci, github, junit, json, tap.'],
  [['--reporter', 'json'], 'The reporter json needs a path, as in json=report.json, or json=- for standard output.'],
];

test.each(WORDS)('%j is refused in a sentence', async (words, sentence) => {
  const folder = await aFolder({ 'holdfast.config.json': unit({}) });
  const { code, exitCode, what } = await refusal(settingsIn(folder, { words }));
  expect({ code, exitCode, what }).toEqual({ code: 'USAGE', exitCode: 2, what: sentence });
});

test.each([
  [{ HOLDFAST_RETRIES: '-1' }, `HOLDFAST_RETRIES must be ${COUNT(0)}, not "-1".`],
  [{ HOLDFAST_DEADLINE: '5s' }, 'HOLDFAST_DEADLINE is now called HOLDFAST_RUN_TIMEOUT.'],
  [{ HOLDFAST_WORKERS: '2' }, 'HOLDFAST_WORKERS is now called HOLDFAST_WORKER_SLOTS.'],
  [{ HOLDFAST_DETACH: 'maybe' }, 'HOLDFAST_DETACH must be true or false, not "maybe".'],
  [
    { HOLDFAST_WORKER_SLOTS: '0', HOLDFAST_RUN_ID: 'a', HOLDFAST_QUEUE_PREFIX: 'q' },
    `HOLDFAST_WORKER_SLOTS must be ${COUNT(1)}, not "0".`,
  ],
])('the environment %j is refused in a sentence', async (env, sentence) => {
  const folder = await aFolder({ 'holdfast.config.json': unit({}) });
  expect((await refusal(settingsIn(folder, { env }))).what).toBe(sentence);
});

test('two wrong flags are told at once', async () => {
  const folder = await aFolder({ 'holdfast.config.json': unit({}) });
  const { what } = await refusal(settingsIn(folder, { words: ['--retries', 'x', '--timeout', 'y'] }));
  expect(what.split('\n')).toHaveLength(2);
});

test.each([
  [['--retires', '1'], /unknown option '--retires'/],
  [['--suite'], /argument missing/],
])('the command line %j is refused before anything is read', (words, message) => {
  expect(() => flagsOf(...words)).toThrow(message);
});

test('an unknown suite is refused with the ones there are', async () => {
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit: UNIT, nightly: UNIT } } });
  const { code, what } = await refusal(settingsIn(folder, { words: ['--suite', 'nightyl'] }));
  expect({ code, what }).toEqual({ code: 'SUITE_UNKNOWN', what: 'There is no suite "nightyl"; did you mean nightly?' });
  expect((await refusal(settingsIn(folder, { words: ['--suite', 'x'] }))).what).toBe(
    'There is no suite "x"; there are unit, nightly.',
  );
});
