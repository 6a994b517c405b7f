import { randomBytes } from 'node:crypto';
import { heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ClientConnection, connectClient } from '../../src/adapters/temporal/connection.js';
import type { ServerSettings } from '../../src/adapters/temporal/server-settings.js';
import { readKeys } from '../../src/adapters/temporal/signing-keys.js';
import type { RunFilesInput } from '../../src/core/border/index.js';
import { LEASE_LOST } from '../../src/core/model/stop.js';
import { queuesOf } from '../../src/core/model/suite.js';
import { runCli, saidBy, startCli } from '../support/cli.js';
import { type Fleet, startFleet } from '../support/fleet.js';
import { aPass, broken } from '../support/malformed.js';
import { type OddAnswers, startOddWorker } from '../support/odd-worker.js';
import { aProject, type Project } from '../support/project.js';
import { printedRandom } from '../support/random.js';
import { runSuite, verdictsOf } from '../support/result.js';
import { until } from '../support/until.js';

/** Malformed answers that have a signature of ours: of another version of Holdfast, or of a bug. More with HOLDFAST_FUZZ. */
const ANSWERS = Number(process.env.HOLDFAST_FUZZ ?? 24);
const FILES = 8;
const ODD = 'odd/1';

let project: Project;
let fleet: Fleet;
let server: ServerSettings;
let connected: ClientConnection;
let odd: { stop(): Promise<void> } | undefined;

beforeAll(async () => {
  project = await aProject();
  await project.write({ key: `${randomBytes(32).toString('base64')}\n` });
  fleet = await startFleet(project, { env: { HOLDFAST_KEY_FILE: `${project.root}/key` } });
  const { address } = fleet;
  server = {
    address,
    namespace: 'default',
    isConfigured: true,
    options: { address },
    keys: await readKeys(`${project.root}/key`),
  };
  connected = await connectClient(server);
});
afterEach(async () => {
  await odd?.stop();
  odd = undefined;
});
afterAll(async () => {
  await connected.connection.close();
  await fleet.stop();
  await project.remove();
});

const manifestOf = (files: readonly string[]) => ({
  count: files.length,
  files: { kind: 'inline', value: files },
  commit: null,
  repository: { kind: 'inline', value: { quarantine: [], codeowners: null, contents: null, sizes: {} } },
});

/** A suite of files that nobody lists or runs but the odd worker. */
async function aSuite(
  suite: string,
  files: readonly string[],
  config: Readonly<Record<string, unknown>>,
  answers: Partial<OddAnswers>,
) {
  await project.addSuite(suite, Object.fromEntries(files.map((file) => [file, 'exit 1'])), { retries: 0, ...config });
  odd = await startOddWorker(
    server,
    { name: ODD, testsQueue: queuesOf('holdfast').tests },
    { discover: async () => manifestOf(files), runFiles: async () => [aPass(ODD)], ...answers },
  );
}

const red = () => {
  const { outcome, ...record } = aPass(ODD);
  return { ...record, outcome: { ...outcome, kind: 'failed', exitCode: 1 } };
};

test(
  'a malformed answer is a lost attempt with the name of its sender, and the file has the verdict of one that is not',
  async () => {
    const random = printedRandom('malformed answers');
    const files = Array.from({ length: FILES }, (_, index) => `f${index}.sh`);
    const each = Math.ceil(ANSWERS / FILES);
    const malformed = (): unknown =>
      [() => 'x', () => null, () => ({ worker: 'x' }), () => [aPass(ODD), aPass(ODD)], () => broken([aPass(ODD)], random)][
        Math.floor(random() * 9)
      ]?.() ?? broken([aPass(ODD)], random);
    await aSuite(
      'odd',
      files,
      { maxLosses: each },
      {
        runFiles: async ({ files: [file] }: RunFilesInput) => ((file?.dispatch ?? 0) <= each ? malformed() : [red()]),
      },
    );
    const run = await runSuite(project, 'odd', [], fleet.env);
    expect(verdictsOf(run.report)).toEqual(Object.fromEntries(files.map((file) => [file, 'failed'])));
    expect(run.exitCode).toBe(1);
    const losses = run.report.files.flatMap((file) => file.losses);
    expect(losses).toHaveLength(each * FILES);
    expect(new Set(losses.map(({ worker, cause }) => `${worker} ${cause}`))).toEqual(new Set([`${ODD} broken`]));
    for (const { reason } of losses) expect(reason).toMatch(/^The answer (of activity runFiles is malformed: |has more records)/);
  },
  60_000 + 1_000 * ANSWERS,
);

test('one whose answers are all malformed uses up the losses of a file', async () => {
  await aSuite('never', ['a.sh'], { maxLosses: 2 }, { runFiles: async () => [{ outcome: { kind: 'wat' } }] });
  const run = await runSuite(project, 'never', [], fleet.env);
  expect(run.exitCode).toBe(3);
  expect(verdictsOf(run.report)).toEqual({ 'a.sh': 'infraError' });
});

test('malformed details of heartbeats and failures say nothing', async () => {
  let times = 0;
  await aSuite(
    'details',
    ['a.sh'],
    {},
    {
      runFiles: async () => {
        times += 1;
        if (times > 2) return [aPass(ODD)];
        heartbeat({ worker: 7, done: 'wat' });
        throw ApplicationFailure.nonRetryable(
          'gone',
          LEASE_LOST,
          times === 1 ? 'wat' : { worker: 'x', startedAtMs: 1, elapsedMs: 1, done: [{}] },
        );
      },
    },
  );
  const run = await runSuite(project, 'details', [], fleet.env);
  expect(verdictsOf(run.report)).toEqual({ 'a.sh': 'passed' });
  expect(run.report.files[0]?.losses.map(({ worker, cause }) => ({ worker, cause }))).toEqual([
    { worker: null, cause: 'leaseLost' },
    { worker: null, cause: 'leaseLost' },
  ]);
});

test('a malformed list of files ends the run, which says so', async () => {
  await aSuite('unlisted', ['a.sh'], {}, { discover: async () => ({ count: 'many' }) });
  const run = await runCli(['run', '--suite', 'unlisted'], { cwd: project.root, env: fleet.env });
  expect(run).toMatchObject({ exitCode: 3 });
  expect(`${run.stdout}${run.stderr}`).toContain('The answer of activity discover is malformed: count is no number.');
});

test('malformed signals, queries and updates have no effect', async () => {
  let isOpen = false;
  await aSuite(
    'asked',
    ['a.sh'],
    {},
    {
      runFiles: async () => {
        await until('the gate is open', () => isOpen);
        return [aPass(ODD)];
      },
    },
  );
  const command = startCli(['run', '--suite', 'asked', '--run-id', 'asked'], { cwd: project.root, env: fleet.env });
  const handle = connected.client.workflow.getHandle('suite/asked/asked');
  await until('the file runs', async () => {
    const { raw } = await handle.describe().catch(() => ({ raw: null }));
    return raw?.pendingActivities?.some(
      ({ activityType, lastStartedTime }) => activityType?.name === 'runFiles' && lastStartedTime,
    );
  });
  await handle.signal('permitsGranted', { wat: 1 });
  await handle.signal('askRun', 'x');
  await expect(handle.query('progress', 'x')).rejects.toThrow('The query progress is malformed: 0 is no number');
  for (const [name, args] of [
    ['pause', [{ wat: 1 }]],
    ['setMaxInFlight', ['many', null]],
    ['skipFile', [null]],
    ['extendFile', ['a.sh', 'x']],
  ] as const)
    await expect(handle.executeUpdate(name, { args: [...args] })).rejects.toMatchObject({
      cause: { message: expect.stringContaining(`The update ${name} is malformed`) },
    });
  isOpen = true;
  expect((await command).exitCode).toBe(0);
  expect(saidBy(command)).toContain('passed');
});
