import path from 'node:path';
import { expect, test } from 'vitest';
import { loadProject, loadSettings } from '../../src/config/load-settings.js';
import { toSuiteInput } from '../../src/config/suite-input.js';
import { aFolder, flagsOf, refusal, settingsIn, UNIT } from './support.js';

test('without a file there is one suite, named after its framework', async () => {
  const folder = await aFolder();
  const { suites, configFile, projectRoot } = await settingsIn(folder, { found: ['vitest'], words: ['--retries', '1'] });
  expect({ configFile, projectRoot }).toEqual({ configFile: null, projectRoot: folder });
  expect(suites).toEqual([
    expect.objectContaining({
      name: 'vitest',
      framework: { name: 'vitest', args: [], cwd: '.', env: {}, warm: 'auto' },
      manual: false,
    }),
  ]);
  expect(suites[0]?.budget.maxAttempts).toBe(2);
});

test.each([
  ['auto', { framework: 'mocha' }, 'auto'],
  ['on', { framework: 'mocha', warm: 'on' }, true],
  ['off', { framework: 'mocha', warm: 'off' }, undefined],
  ['auto of a command that serves', { ...UNIT, serve: ['sh', 'serve.sh'] }, 'auto'],
  ['auto of one that does not', UNIT, undefined],
])('processes are kept where that may pay, unless told: %s', async (_, suite, warm) => {
  const { suites } = await settingsIn(await aFolder({ 'holdfast.config.json': { suites: { unit: suite } } }));
  expect(suites[0]?.framework.warm).toBe(warm);
});

test('several frameworks are not chosen between, unless a flag does', async () => {
  const folder = await aFolder();
  const { code, exitCode, what, message } = await refusal(settingsIn(folder, { found: ['jest', 'pytest'] }));
  expect({ code, exitCode, what }).toEqual({
    code: 'FRAMEWORK_UNKNOWN',
    exitCode: 2,
    what: `Several test frameworks were found in ${folder}: jest, pytest.`,
  });
  expect(message).toContain('Run `holdfast run --framework jest` or `holdfast run --framework pytest`, or all of them');
  const { suites } = await settingsIn(folder, { found: ['jest', 'pytest'], words: ['--framework', 'pytest'] });
  expect(suites.map(({ name, framework }) => [name, framework.name])).toEqual([['pytest', 'pytest']]);
});

test('no framework at all is refused', async () => {
  const folder = await aFolder();
  expect((await refusal(settingsIn(folder))).what).toBe(`No test framework was found in ${folder}.`);
});

test('a worker needs neither a file nor a framework', async () => {
  const cwd = await aFolder();
  const project = await loadProject({ flags: flagsOf(), env: { HOLDFAST_OBJECTS: 'shared', HOLDFAST_QUEUE_PREFIX: 'q' }, cwd });
  expect(project).toMatchObject({
    projectRoot: cwd,
    objects: path.join(cwd, 'shared'),
    queues: { tests: 'q.tests', control: 'q.control' },
  });
});

test('the place of objects may be a URL', async () => {
  const cwd = await aFolder();
  const project = await loadProject({ flags: flagsOf(), env: { HOLDFAST_OBJECTS: 'file:///srv/objects' }, cwd });
  expect(project.objects).toBe('file:///srv/objects');
});

test('a framework that is not told is looked for in the suite’s own folder', async () => {
  const folder = await aFolder({
    'holdfast.config.json': { suites: { web: { cwd: 'web' }, sh: { command: ['sh'], include: ['*'] } } },
  });
  const asked: string[] = [];
  const detectFramework = async (cwd: string) => {
    asked.push(cwd);
    return [{ name: 'mocha', call: null }] as const;
  };
  const { suites, origins } = await loadSettings({ flags: flagsOf(), env: {}, cwd: folder }, { detectFramework });
  expect(suites.map(({ name, framework }) => [name, framework.name])).toEqual([
    ['web', 'mocha'],
    ['sh', 'command'],
  ]);
  expect(asked).toEqual([path.join(folder, 'web')]);
  expect(origins.find(({ key }) => key === 'suites.web.framework')).toMatchObject({ origin: 'default', detail: 'detected' });
});

test('a suite whose code is elsewhere names its framework', async () => {
  const source = { kind: 'git', remote: 'https://example.org/a.git', revision: 'main' };
  const folder = await aFolder({ 'holdfast.config.json': { suites: { far: { source } } } });
  const { code, what } = await refusal(settingsIn(folder, { found: ['vitest'] }));
  expect({ code, what }).toEqual({
    code: 'FRAMEWORK_UNKNOWN',
    what: 'suites.far.framework is required: its code is not on this machine, so it cannot be detected.',
  });
});

test.each([
  [[], ['unit', 'other']],
  [['--suite', 'nightly'], ['nightly']],
  [
    ['--suite', 'other', '--suite', 'nightly'],
    ['other', 'nightly'],
  ],
])('with %j the suites are %j', async (words, names) => {
  const folder = await aFolder({
    'holdfast.config.json': { suites: { unit: UNIT, other: UNIT, nightly: { ...UNIT, manual: true } } },
  });
  expect((await settingsIn(folder, { words })).suites.map(({ name }) => name)).toEqual(names);
});

test('suites that are all manual wait to be named', async () => {
  const folder = await aFolder({ 'holdfast.config.json': { suites: { nightly: { ...UNIT, manual: true } } } });
  expect((await refusal(settingsIn(folder))).code).toBe('SUITE_UNKNOWN');
});

test('the input of the workflow holds all of a suite, and no secret', async () => {
  const unit = {
    ...UNIT,
    retries: 1,
    timeoutMs: 5_000,
    rules: [{ files: 'tests/slow/**', timeoutMs: 60_000 }],
    report: { kind: 'junit', path: 'r/{file}.xml' },
    env: { pass: ['PATH'], set: { A: 'b' } },
    manual: true,
  };
  const folder = await aFolder({ 'holdfast.config.json': { suites: { unit } } });
  const settings = await settingsIn(folder, {
    words: ['--suite', 'unit', 'tests/a.sh', '--owner', 'ann'],
    env: { HOLDFAST_DATABASE_URL: 'postgres://u:secret@h/d' },
  });
  const [suite] = settings.suites;
  if (suite === undefined) throw new Error('There is no suite.');
  const input = toSuiteInput(settings, suite, { runId: 'r1', ciAttempt: 2, previousRunId: 'r0', commit: 'abc' });
  expect(input).toEqual({
    suite: 'unit',
    runId: 'r1',
    ciAttempt: 2,
    previousRunId: 'r0',
    owner: 'ann',
    commit: 'abc',
    queues: { tests: 'holdfast.tests', control: 'holdfast.control' },
    source: { kind: 'checkout' },
    framework: {
      name: 'command',
      command: ['sh', '{file}'],
      report: { kind: 'junit', path: 'r/{file}.xml' },
      args: [],
      cwd: '.',
      env: { pass: ['PATH'], set: { A: 'b' } },
      coverage: 'off',
    },
    selection: { include: ['tests/**/*.sh'], exclude: [], only: ['tests/a.sh'] },
    budget: { maxAttempts: 2, maxLosses: 10 },
    timeoutMs: 5_000,
    killGraceMs: 5_000,
    runTimeoutMs: null,
    resources: {},
    order: { kind: 'recorded' },
    retry: { when: 'now', maxTotal: null, delayMs: 0, only: [], infrastructure: [] },
    repeatNew: 1,
    speculation: true,
    secondLook: true,
    rules: [{ files: 'tests/slow/**', timeoutMs: 60_000 }],
    heartbeatTimeoutMs: 10_000,
    maxInFlight: null,
    maxFailures: null,
    repeatEach: 1,
    passWithNoTests: false,
    failOnFlaky: false,
  });
  const bare = toSuiteInput(settings, suite, { runId: 'r1', ciAttempt: 1, previousRunId: null, commit: null });
  expect(Object.keys(bare)).not.toContain('previousRunId');
  const merging = { runId: 'r1', ciAttempt: 1, previousRunId: null, commit: null, mergesCoverage: true };
  expect(toSuiteInput(settings, suite, merging).framework).toEqual(suite.framework);
});
