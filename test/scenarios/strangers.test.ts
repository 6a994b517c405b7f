import { existsSync } from 'node:fs';
import { access, chmod, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type ClientConnection, connectClient } from '../../src/adapters/temporal/connection.js';
import { CLI, type CliEnd, plainEnvironment, runCli, saidBy, startCli } from '../support/cli.js';
import { type Stack, startStack } from '../support/cluster.js';
import { aProject, type Project } from '../support/project.js';
import { until } from '../support/until.js';

/** Row G16: nobody else drives the stack. A stranger here has all that Temporal gives to whoever reaches its port, but no key. */
let project: Project;
let stack: Stack;
let stranger: ClientConnection;
let address: string;

beforeAll(async () => {
  project = await aProject();
  stack = await startStack(project);
  address = JSON.parse(await project.read('.holdfast/stack.json')).temporalAddress;
  stranger = await connectClient({ address, namespace: 'default', isConfigured: true, options: { address } });
});

afterAll(async () => {
  await stranger.connection.close();
  await stack.stop();
  await project.remove();
});

const GATED = 'echo "$HOLDFAST_FILE" >>began; while [ ! -e gate ]; do sleep 0.05; done; exit 1';

/** Waits until an attempt at a file is running that is not one of these, and returns its activity id. */
function runningIn(client: Client, workflowId: string, except: readonly string[]): Promise<string> {
  return until('a worker has the file', async () => {
    const { raw } = await client.workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => ({ raw: null }));
    const running = (raw?.pendingActivities ?? []).find(
      ({ activityId, activityType, lastStartedTime }) =>
        activityType?.name === 'runFiles' && lastStartedTime && !except.includes(activityId ?? ''),
    );
    return running?.activityId;
  });
}

/** What is in the history of a workflow: the input of its first dispatch, and the answer of another. */
async function signedIn(workflowId: string): Promise<{ readonly input: Payload[]; readonly result: Payload[] }> {
  const { events } = await stranger.client.workflow.getHandle(workflowId).fetchHistory();
  const inputs = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: of }) =>
    of?.activityType?.name === 'runFiles' ? [of.input?.payloads] : [],
  );
  const results = (events ?? []).flatMap(({ activityTaskCompletedEventAttributes: of }) => (of ? [of.result?.payloads] : []));
  return { input: inputs.at(-1) ?? [], result: results.at(-1) ?? [] };
}

test('what strangers start does nothing, and they are named', async () => {
  await project.addSuite('theirs', { 'a.sh': 'echo ran >>ran' });
  const run = await runCli(['run', '--suite', 'theirs'], { cwd: project.root, env: { TEMPORAL_ADDRESS: address } });
  expect(run).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('The input is refused: it is not signed') });
  expect(await project.lines('theirs/ran')).toEqual([]);
  expect(saidBy(stack.process)).toMatch(
    /Refused, it is not signed: a value of workflow suite\/theirs\/\S+ in default, from \d+@\S+\./,
  );
});

test('an answer that no worker of ours has signed is a lost attempt, and so is one that was signed for another', async () => {
  await project.addSuite('green', { 'a.sh': 'true' });
  await project.addSuite('red', { 'a.sh': GATED });
  const green = await runCli(['run', '--suite', 'green', '--run-id', 'g1'], { cwd: project.root });
  expect(green.exitCode).toBe(0);
  const passed = await signedIn('suite/green/g1');

  const red = startCli(['run', '--suite', 'red', '--run-id', 'r1', '--reporter', 'json=r1.json'], { cwd: project.root });
  const workflowId = 'suite/red/r1';
  const { client, connection } = stranger;
  const forged: string[] = [];
  const complete = async (forge: (activityId: string) => Promise<unknown>) => {
    const activityId = await runningIn(client, workflowId, forged);
    forged.push(activityId);
    await forge(activityId);
  };
  const outcome = { kind: 'passed', durationMs: 1, exitCode: 0, counts: { passed: 1, failed: 0, skipped: 0 } };
  await complete((activityId) =>
    client.activity.complete({ workflowId, activityId }, [{ worker: 'mine/1', startedAtMs: 1, outcome }]),
  );
  await complete((activityId) => client.activity.complete({ workflowId, activityId }, null));
  const reply = (activityId: string, payloads: Payload[]) =>
    connection.workflowService.respondActivityTaskCompletedById({
      namespace: 'default',
      workflowId,
      activityId,
      result: { payloads },
    });
  await complete((activityId) => reply(activityId, passed.result)); // Signed for another.
  await complete(async (activityId) => reply(activityId, (await signedIn(workflowId)).input)); // Signed for this one, but no answer.
  await runningIn(client, workflowId, forged);

  await expect(client.workflow.getHandle(workflowId).executeUpdate('quarantineFile', { args: ['a.sh', 'me'] })).rejects.toThrow();
  await expect(client.workflow.getHandle(workflowId).executeUpdate('pause')).rejects.toThrow();

  await project.write({ 'red/gate': '' });
  await red;
  const { totals, files } = JSON.parse(await project.read('r1.json'));
  expect(totals).toMatchObject({ failed: 1, passed: 0, lost: 0 });
  expect(files[0].losses).toHaveLength(forged.length);
  expect(JSON.stringify(files[0].losses)).toContain('it is not signed');
  expect(JSON.stringify(files[0].losses)).toContain('it was signed for activity');
  expect((await red).exitCode).toBe(1);
  expect(saidBy(stack.process)).toMatch(
    /Refused, it is not signed: a value of activity \S+ of workflow suite\/red\/r1 in default, from \S+\./,
  );
});

test('a change that was asked for once is good for itself, once', async () => {
  await project.addSuite('changed', { 'a.sh': GATED, 'b.sh': GATED });
  const run = startCli(['run', '--suite', 'changed', '--run-id', 'c1'], { cwd: project.root });
  await until('both files run', async () => (await project.lines('changed/began')).length === 2);
  const ctl = await runCli(['ctl', 'cancel', 'a.sh', 'changed/c1'], { cwd: project.root });
  expect(ctl).toMatchObject({ exitCode: 0 });
  const { events } = await stranger.client.workflow.getHandle('suite/changed/c1').fetchHistory();
  const accepted = (events ?? []).flatMap(
    (event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input ?? [],
  );
  const args = accepted[0]?.args;
  expect(accepted[0]?.name).toBe('cancelFile');
  const answers = ['quarantineFile', 'cancelFile'].map(async (name) => {
    const { outcome } = await stranger.connection.workflowService.updateWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: 'suite/changed/c1' },
      waitPolicy: { lifecycleStage: 3 },
      request: { meta: { updateId: `mine-${name}`, identity: 'me' }, input: { name, ...(args && { args }) } },
    });
    return outcome?.failure?.message;
  });
  expect(await Promise.all(answers)).toEqual([
    'This request is for another change, cancelFile.',
    expect.stringMatching(/has been served before|already has its verdict/),
  ]);
  await project.write({ 'changed/gate': '' });
  expect((await run).exitCode).toBe(1);
});

test('the Web UI is for those who have the token, under its own name', async () => {
  const { webUrl } = JSON.parse(await project.read('.holdfast/stack.json'));
  const { origin, searchParams } = new URL(webUrl);
  const page = `${origin}/namespaces/default/workflows`;
  const get = (url: string, ...headers: readonly string[]) =>
    execa('curl', [
      '--silent',
      '--output',
      '/dev/null',
      '--write-out',
      '%{http_code} %{redirect_url}',
      ...headers.flatMap((text) => ['--header', text]),
      url,
    ]).then(({ stdout }) => stdout.trim());
  const token = searchParams.get('token') ?? '';
  const cookie = `Cookie: holdfast-ui-${new URL(origin).port}=${token}`;
  expect(await get(page)).toBe('403');
  expect(await get(`${page}?token=wrong`)).toBe('403');
  expect(await get(`${page}?token=${token}`)).toBe(`302 ${page}`);
  expect(await get(page, cookie)).toBe('200');
  expect(await get(page, cookie, 'Host: evil.example')).toBe('403');
  expect(await get(`${origin}/api/v1/namespaces/default/workflows`, cookie)).toBe('200');
});

const isRoot = process.getuid?.() === 0 && existsSync('/usr/bin/setpriv');

test.skipIf(!isRoot)(
  'another user can neither enter the folder of a stack nor read its key (needs root and setpriv)',
  async () => {
    const asNobody = async (
      cwd: string,
      words: readonly string[],
      env: Readonly<Record<string, string>> = {},
    ): Promise<CliEnd> => {
      const as = ['--reuid=65534', '--regid=65534', '--clear-groups']; // Debian's `nobody`.
      const options = { cwd, env: { ...plainEnvironment(), HOME: cwd, ...env }, extendEnv: false, reject: false } as const;
      const { exitCode, stdout, stderr } = await execa('setpriv', [...as, ...words], options);
      return { exitCode, stdout, stderr };
    };
    await chmod(project.root, 0o777); // Anybody may write here, as in a shared checkout.
    const inside = await asNobody(project.root, ['sh', '-c', 'cat .holdfast/key; ls .holdfast/door; : >.holdfast/door/held-1-x']);
    expect(inside.stdout).toBe('');
    expect(inside.stderr.match(/Permission denied/g)).toHaveLength(3);

    const isReadable = await asNobody(tmpdir(), ['test', '-r', CLI]).then(({ exitCode }) => exitCode === 0);
    if (!isReadable) return; // The package is in a folder of root's alone.
    const home = await mkdtemp(path.join(tmpdir(), 'holdfast-nobody-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    await chmod(home, 0o777);
    const list = await asNobody(project.root, [process.execPath, CLI, 'list']);
    expect(list).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('belongs to another user') });
    await access(path.join(project.root, '.holdfast/key'), constants.R_OK); // It is still there.
    const run = await asNobody(home, [process.execPath, CLI, 'run', '--framework', 'command', '--command', 'touch pwned'], {
      TEMPORAL_ADDRESS: address,
    });
    expect(run.exitCode).not.toBe(0);
  },
);
