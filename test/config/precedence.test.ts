import { availableParallelism } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Settings, SuiteSettings } from '../../src/config/settings.js';
import { DEFAULTS } from '../../src/core/defaults.js';
import { aFolder, settingsIn, UNIT } from './support.js';

type Row = {
  readonly key: string;
  readonly read: (suite: SuiteSettings, settings: Settings) => unknown;
  readonly flag?: readonly [readonly string[], unknown];
  readonly env?: readonly [string, string, unknown];
  readonly file?: readonly [Readonly<Record<string, unknown>>, unknown];
  readonly fallback: unknown;
};

const inSuite = (key: string, value: unknown) => ({ suites: { unit: { ...UNIT, [key]: value } } });

const ROWS: readonly Row[] = [
  {
    key: 'suites.unit.network',
    read: ({ framework }) => framework.network ?? 'shared',
    flag: [['--network', 'own'], 'own'],
    env: ['HOLDFAST_NETWORK', 'own', 'own'],
    file: [inSuite('network', 'own'), 'own'],
    fallback: 'shared',
  },
  {
    key: 'suites.unit.isolation',
    read: ({ framework }) => framework.isolation ?? 'file',
    flag: [['--isolation', 'file'], 'file'],
    env: ['HOLDFAST_ISOLATION', 'file', 'file'],
    file: [inSuite('isolation', 'file'), 'file'],
    fallback: 'file',
  },
  {
    key: 'suites.unit.retries',
    read: ({ budget }) => budget.maxAttempts - 1,
    flag: [['--retries', '3'], 3],
    env: ['HOLDFAST_RETRIES', '2', 2],
    file: [inSuite('retries', 1), 1],
    fallback: 0,
  },
  {
    key: 'suites.unit.maxLosses',
    read: ({ budget }) => budget.maxLosses,
    file: [inSuite('maxLosses', 0), 0],
    fallback: DEFAULTS.maxLosses,
  },
  {
    key: 'suites.unit.maxFailures',
    read: ({ maxFailures }) => maxFailures,
    flag: [['--max-failures', '3'], 3],
    env: ['HOLDFAST_MAX_FAILURES', '2', 2],
    file: [inSuite('maxFailures', 1), 1],
    fallback: null,
  },
  {
    key: 'suites.unit.maxInFlight',
    read: ({ maxInFlight }) => maxInFlight,
    flag: [['--max-in-flight', '3'], 3],
    env: ['HOLDFAST_MAX_IN_FLIGHT', '2', 2],
    file: [inSuite('maxInFlight', 1), 1],
    fallback: null,
  },
  {
    key: 'suites.unit.timeoutMs',
    read: ({ timeoutMs }) => timeoutMs,
    flag: [['--timeout', '1.5m'], 90_000],
    env: ['HOLDFAST_TIMEOUT', '30s', 30_000],
    file: [inSuite('timeoutMs', 5), 5],
    fallback: null,
  },
  {
    key: 'suites.unit.killGraceMs',
    read: ({ killGraceMs }) => killGraceMs,
    file: [inSuite('killGraceMs', 0), 0],
    fallback: DEFAULTS.killGraceMs,
  },
  {
    key: 'suites.unit.runTimeoutMs',
    read: ({ runTimeoutMs }) => runTimeoutMs,
    flag: [['--run-timeout', '1h'], 3_600_000],
    env: ['HOLDFAST_RUN_TIMEOUT', '30s', 30_000],
    file: [inSuite('runTimeoutMs', 5), 5],
    fallback: null,
  },
  {
    key: 'suites.unit.heartbeatTimeoutMs',
    read: ({ heartbeatTimeoutMs }) => heartbeatTimeoutMs,
    flag: [['--heartbeat-timeout', '1500'], 1_500],
    env: ['HOLDFAST_HEARTBEAT_TIMEOUT', '3s', 3_000],
    file: [inSuite('heartbeatTimeoutMs', 4_000), 4_000],
    fallback: DEFAULTS.heartbeatTimeoutMs,
  },
  {
    key: 'suites.unit.repeatEach',
    read: ({ repeatEach }) => repeatEach,
    flag: [['--repeat-each', '4'], 4],
    env: ['HOLDFAST_REPEAT_EACH', '3', 3],
    file: [inSuite('repeatEach', 2), 2],
    fallback: 1,
  },
  {
    key: 'suites.unit.passWithNoTests',
    read: ({ passWithNoTests }) => passWithNoTests,
    flag: [['--pass-with-no-tests'], true],
    env: ['HOLDFAST_PASS_WITH_NO_TESTS', 'no', false],
    file: [inSuite('passWithNoTests', true), true],
    fallback: false,
  },
  {
    key: 'suites.unit.failOnFlaky',
    read: ({ failOnFlaky }) => failOnFlaky,
    flag: [['--fail-on-flaky'], true],
    env: ['HOLDFAST_FAIL_ON_FLAKY', '0', false],
    file: [inSuite('failOnFlaky', true), true],
    fallback: false,
  },
  {
    key: 'suites.unit.secondLook',
    read: ({ secondLook }) => secondLook,
    flag: [['--no-second-look'], false],
    env: ['HOLDFAST_SECOND_LOOK', 'off', false],
    file: [inSuite('secondLook', false), false],
    fallback: true,
  },
  {
    key: 'suites.unit.coverage',
    read: ({ framework }) => framework.coverage,
    flag: [['--coverage'], 'on'],
    env: ['HOLDFAST_COVERAGE', 'off', 'off'],
    file: [inSuite('coverage', 'on'), 'on'],
    fallback: undefined,
  },
  {
    key: 'suites.unit.speculation',
    read: ({ speculation }) => speculation,
    flag: [['--no-speculation'], false],
    env: ['HOLDFAST_SPECULATION', 'off', false],
    file: [inSuite('speculation', false), false],
    fallback: true,
  },
  {
    key: 'suites.unit.include',
    read: ({ selection }) => selection.include,
    flag: [
      ['--include', 'a/*', '--include', 'b/*'],
      ['a/*', 'b/*'],
    ],
    env: ['HOLDFAST_INCLUDE', 'c/{1,2}\nd/*', ['c/{1,2}', 'd/*']],
    file: [inSuite('include', ['e/*']), ['e/*']],
    fallback: UNIT.include,
  },
  {
    key: 'suites.unit.exclude',
    read: ({ selection }) => selection.exclude,
    flag: [['--exclude', 'a/*'], ['a/*']],
    env: ['HOLDFAST_EXCLUDE', 'c/*', ['c/*']],
    file: [inSuite('exclude', ['e/*']), ['e/*']],
    fallback: [],
  },
  {
    key: 'worker.slots',
    read: (_, { worker }) => worker.slots,
    flag: [['-j', '4'], 4],
    env: ['HOLDFAST_WORKER_SLOTS', '3', 3],
    file: [{ suites: { unit: UNIT }, worker: { slots: 2 } }, 2],
    fallback: availableParallelism(),
  },
  {
    key: 'queuePrefix',
    read: (_, { queues }) => queues.tests,
    env: ['HOLDFAST_QUEUE_PREFIX', 'ours', 'ours.tests'],
    file: [{ suites: { unit: UNIT }, queuePrefix: 'theirs' }, 'theirs.tests'],
    fallback: `${DEFAULTS.queuePrefix}.tests`,
  },
  {
    key: 'runId',
    read: (_, { runId }) => runId,
    flag: [['--run-id', 'a.1'], 'a.1'],
    env: ['HOLDFAST_RUN_ID', 'b', 'b'],
    fallback: null,
  },
  {
    key: 'owner',
    read: (_, { owner }) => owner,
    flag: [['--owner', 'ann'], 'ann'],
    env: ['HOLDFAST_OWNER', 'bob', 'bob'],
    fallback: null,
  },
  {
    key: 'filesFrom',
    read: (_, { filesFrom }) => filesFrom,
    flag: [['--files-from', '-'], '-'],
    env: ['HOLDFAST_FILES_FROM', 'list', 'list'],
    fallback: null,
  },
  {
    key: 'detach',
    read: (_, { detach }) => detach,
    flag: [['--detach'], true],
    env: ['HOLDFAST_DETACH', 'off', false],
    fallback: false,
  },
  {
    key: 'dryRun',
    read: (_, { dryRun }) => dryRun,
    flag: [['--list'], true],
    env: ['HOLDFAST_DRY_RUN', 'false', false],
    fallback: false,
  },
  {
    key: 'withWorkers',
    read: (_, { withWorkers }) => withWorkers,
    flag: [['--with-workers'], true],
    env: ['HOLDFAST_WITH_WORKERS', '0', false],
    fallback: false,
  },
  {
    key: 'reporter',
    read: (_, { reporters }) => reporters,
    flag: [
      ['--reporter', 'ci', '--reporter', 'json=a=b.json'],
      [
        { name: 'ci', path: null },
        { name: 'json', path: 'a=b.json' },
      ],
    ],
    env: [
      'HOLDFAST_REPORTER',
      'live, junit=r.xml',
      [
        { name: 'live', path: null },
        { name: 'junit', path: 'r.xml' },
      ],
    ],
    fallback: [],
  },
  {
    key: 'databaseUrl',
    read: (_, { databaseUrl }) => databaseUrl,
    env: ['HOLDFAST_DATABASE_URL', 'postgres://h/d', 'postgres://h/d'],
    fallback: null,
  },
  {
    key: 'webUi',
    read: (_, { webUi }) => webUi,
    env: ['HOLDFAST_WEB_UI', 'https://temporal.example.org', 'https://temporal.example.org'],
    fallback: null,
  },
  {
    key: 'temporalCli',
    read: (_, { temporalCli }) => temporalCli,
    env: ['HOLDFAST_TEMPORAL_CLI', '/opt/temporal', '/opt/temporal'],
    fallback: null,
  },
];

const originOf = ({ origins }: Settings, key: string) => origins.find((shown) => shown.key === key)?.origin;

test.each(ROWS)('$key: flag over environment over file over default', async ({ key, read, flag, env, file, fallback }) => {
  const bare = await aFolder({ 'holdfast.config.json': { suites: { unit: UNIT } } });
  const said = file === undefined ? bare : await aFolder({ 'holdfast.config.json': file[0] });
  const words = flag?.[0] ?? [];
  const variables = env === undefined ? {} : { [env[0]]: env[1] };
  const expected: [Settings, unknown, string][] = [];
  if (flag) expected.push([await settingsIn(said, { words, env: variables }), flag[1], 'flag']);
  if (env) expected.push([await settingsIn(said, { env: variables }), env[2], 'environment']);
  if (file) expected.push([await settingsIn(said), file[1], 'file']);
  const isInFile = key === 'suites.unit.include'; // A command has no listing: it cannot be without.
  expected.push([await settingsIn(bare), fallback, isInFile ? 'file' : 'default']);
  for (const [settings, value, origin] of expected) {
    const [suite] = settings.suites;
    expect(suite && { value: read(suite, settings), origin: originOf(settings, key) }).toEqual({ value, origin });
  }
});

test('a Temporal binary is read from the folder that the command starts in', async () => {
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit: UNIT } }, '.git/': '', 'sub/a.sh': '' });
  const { temporalCli, projectRoot } = await settingsIn(path.join(folder, 'sub'), {
    env: { HOLDFAST_TEMPORAL_CLI: './temporal' },
  });
  expect({ temporalCli, projectRoot }).toEqual({ temporalCli: path.join(folder, 'sub/temporal'), projectRoot: folder });
});

test('an empty variable says nothing', async () => {
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit: { ...UNIT, retries: 1 } } } });
  const { suites } = await settingsIn(folder, { env: { HOLDFAST_RETRIES: '' } });
  expect(suites[0]?.budget.maxAttempts).toBe(2);
});

test('null in the file is the default', async () => {
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit: { ...UNIT, maxFailures: null } } } });
  expect((await settingsIn(folder)).suites[0]?.maxFailures).toBeNull();
});

test('-x stops after one failure, unless a number says more', async () => {
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit: UNIT } } });
  expect((await settingsIn(folder, { words: ['-x'] })).suites[0]?.maxFailures).toBe(1);
  expect((await settingsIn(folder, { words: ['-x', '--max-failures', '4'] })).suites[0]?.maxFailures).toBe(4);
});

test('words after -- are for the framework, after those of the file', async () => {
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit: { ...UNIT, args: ['-a'] } } } });
  const { suites } = await settingsIn(folder, { words: ['tests/b.sh', '--retries', '1', '--', '--retries', 'x', '--'] });
  expect(suites[0]?.framework.args).toEqual(['-a', '--retries', 'x', '--']);
  expect(suites[0]?.selection.only).toEqual(['tests/b.sh']);
  const { suites: short } = await settingsIn(folder, { words: ['tests/b.sh', '--', 'tests/c.sh'] });
  expect(short[0]?.selection.only).toEqual(['tests/b.sh']);
});

test('a run started by a test of another run does not take its name', async () => {
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit: UNIT } } });
  expect((await settingsIn(folder, { env: { HOLDFAST_RUN_ID: 'outer', HOLDFAST_ATTEMPT: '1' } })).runId).toBeNull();
});

test('a secret is in force and never shown', async () => {
  const url = 'postgres://user:hunter2@host/db';
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit: { ...UNIT, env: { set: { TOKEN: 'hunter2' } } } } } });
  const settings = await settingsIn(folder, { env: { HOLDFAST_DATABASE_URL: url } });
  expect(settings.databaseUrl).toBe(url);
  expect(settings.suites[0]?.framework.env.set).toEqual({ TOKEN: 'hunter2' });
  expect(JSON.stringify(settings.origins)).not.toContain('hunter2');
});

test('what is decided cannot be changed', async () => {
  const settings = await settingsIn(await aFolder({ 'holdfast.config.json': { suites: { unit: UNIT } } }));
  expect(() => Object.assign(settings.worker, { slots: 99 })).toThrow(TypeError);
  expect(() => Object.assign(settings.suites[0] ?? {}, { retries: 99 })).toThrow(TypeError);
});
