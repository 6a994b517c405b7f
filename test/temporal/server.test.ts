import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTemporalBinary } from '../../src/adapters/temporal/binary.js';
import { type ClientConnection, connectClient } from '../../src/adapters/temporal/connection.js';
import { type DevServer, startDevServer } from '../../src/adapters/temporal/dev-server.js';
import { hasWorkflowWorker, observeFleet } from '../../src/adapters/temporal/fleet.js';
import { quietRuntime } from '../../src/adapters/temporal/runtime.js';
import { areRegistered, register } from '../../src/adapters/temporal/search-attributes.js';
import { loadServerSettings } from '../../src/adapters/temporal/server-settings.js';
import { connectWorker } from '../../src/adapters/temporal/worker-connection.js';
import { identityOf } from '../../src/core/fleet/identity.js';
import { startTcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

let folder: string;
let binary: string;
let server: DevServer;
let here: ClientConnection;

const filesOf = (name: string) => ({ dbFile: path.join(folder, `${name}.db`), logFile: path.join(folder, `${name}.log`) });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-server-'));
  binary = await findTemporalBinary(process.env, () => undefined);
  server = await startDevServer({ binary, ...filesOf('shared') });
  await server.ready;
  here = await connectClient(loadServerSettings({}, server.address));
});

afterAll(async () => {
  await here?.connection.close();
  await server?.kill();
  await rm(folder, { recursive: true, force: true });
});

test('a call that waits for its next try when the connection is closed ends with it, and throws nothing in a timer', async () => {
  const proxy = await startTcpProxy(server.address);
  const { connection } = await connectClient(loadServerSettings({}, proxy.address));
  const uncaught: unknown[] = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => uncaught.push(error));
  try {
    await proxy.close();
    let hasEnded = false;
    const call = connection.workflowService.getSystemInfo({}).finally(() => {
      hasEnded = true;
    });
    void call.catch(() => undefined);
    await delay(50); // It has been refused by now, and is tried again 100 ms later.
    expect(hasEnded).toBe(false);
    await connection.close();
    await delay(500);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  }
  expect(uncaught).toEqual([]);
  await expect(connection.workflowService.getSystemInfo({})).rejects.toThrow();
});

describe('the embedded server', () => {
  test('listens on loopback only, with everything it has', async () => {
    const addresses = await listeningAddresses(server.group);
    expect(addresses.length).toBeGreaterThanOrEqual(4); // Frontend, HTTP, Web UI, metrics, and its inner services.
    expect(addresses.filter((address) => !isLoopback(address))).toEqual([]);
  });

  test('shows its Web UI', async () => {
    const answer = await fetch(server.webUrl);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<html');
  });

  test('knows the search attributes of runs from its start', async () => {
    expect(await areRegistered(here.connection, 'default')).toBe(true);
  });

  test('keeps its database through a kill', async () => {
    const files = filesOf('kept');
    const workflowId = 'kept';
    const first = await startDevServer({ binary, ...files });
    await first.ready;
    const before = await connectClient(loadServerSettings({}, first.address));
    await before.client.workflow.start('nobody', { workflowId, taskQueue: 'nobody' });
    await before.connection.close();
    await first.kill();
    expect(await first.ended).toBe('SIGKILL');

    const second = await startDevServer({ binary, ...files });
    await second.ready;
    const after = await connectClient(loadServerSettings({}, second.address));
    const { status } = await after.client.workflow.getHandle(workflowId).describe();
    expect(status.name).toBe('RUNNING');
    await after.connection.close();
    await second.kill();
  });

  test('says in a sentence why it cannot start', async () => {
    const files = filesOf('broken');
    await writeFile(files.dbFile, 'This is no database, and never was one. '.repeat(100));
    const broken = await startDevServer({ binary, ...files });
    await expect(broken.ready).rejects.toMatchObject({
      code: 'STATE_DAMAGED',
      message: expect.stringMatching(/broken.*is damaged: file is not a database\. .*`holdfast reset server`/),
    });
  });

  test('where it breaks down, says why, and not where its threads were', async () => {
    const files = filesOf('panic');
    await writeFile(files.logFile, 'panic: long ago\n');
    const binary = path.join(folder, 'panics');
    await writeFile(
      binary,
      "#!/bin/sh\nprintf 'panic: no luck today\\n\\ngoroutine 1 [running]:\\n\\tservice.go:279 +0x287\\n' >&2; exit 2\n",
      {
        mode: 0o755,
      },
    );
    const broken = await startDevServer({ binary, ...files });
    await expect(broken.ready).rejects.toThrow('exited during startup (exit code 2): panic: no luck today.');
    const silent = path.join(folder, 'silent');
    await writeFile(silent, '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    await expect((await startDevServer({ binary: silent, ...files })).ready).rejects.toThrow(
      '(exit code 3): it printed nothing.',
    );
  });

  test('that is no Temporal at all is a sentence too', async () => {
    const notTemporal = await startDevServer({ binary: process.execPath, ...filesOf('node') });
    await expect(notTemporal.ready).rejects.toMatchObject({ code: 'STACK_FAILED' });
    const missing = path.join(folder, 'missing');
    await expect(startDevServer({ binary: missing, ...filesOf('missing') })).rejects.toMatchObject({
      code: 'STACK_FAILED',
      message: expect.stringContaining(missing),
    });
  });
});

describe('connections', () => {
  test('a namespace that the server does not have is named', async () => {
    const settings = loadServerSettings({ TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: 'elsewhere' });
    await expect(connectClient(settings)).rejects.toMatchObject({
      code: 'NAMESPACE_UNKNOWN',
      message: expect.stringMatching(/“elsewhere”/),
    });
  });

  test('a worker connects too', async () => {
    const connection = await connectWorker(loadServerSettings({ TEMPORAL_ADDRESS: server.address }));
    await connection.close();
  });
});

describe('search attributes', () => {
  test('are registered once in a namespace without them, also by two at once', async () => {
    const namespace = 'fresh';
    const { connection } = here;
    await execa(binary, ['operator', 'namespace', 'create', '--address', server.address, '--retention', '24h', namespace]);
    // The server learns of a namespace a while after it made it.
    await until('the server knows the namespace', () =>
      connection.operatorService.listSearchAttributes({ namespace }).catch(() => null),
    );
    expect(await areRegistered(connection, namespace)).toBe(false);
    await Promise.all([register(connection, namespace), register(connection, namespace)]);
    await until('both registrations are seen', () => areRegistered(connection, namespace));
    expect(await register(connection, namespace)).toBe(true);
  });

  test('are no condition: where they cannot be registered runs go without', async () => {
    expect(await register(here.connection, 'no-such-namespace')).toBe(false);
  });
});

describe('the fleet', () => {
  test('is seen by its polls, with its slots', async () => {
    quietRuntime();
    const connect = () => connectWorker(loadServerSettings({ TEMPORAL_ADDRESS: server.address }));
    const connections = await Promise.all([connect(), connect()]); // One each, as of two processes.
    const worker = (connection: NativeConnection | undefined, name: string, slots: number) =>
      Worker.create({
        ...(connection && { connection }),
        taskQueue: 'fleet',
        identity: identityOf({ worker: name, slots, memoryMb: null, sick: null }),
        activities: { nothing: async () => undefined },
        maxConcurrentActivityTaskExecutions: slots,
      });
    const workers = await Promise.all([worker(connections[0], 'here/1', 3), worker(connections[1], 'there/2', 5)]);
    expect(await observeFleet(here.connection, 'default', 'fleet')).toEqual([]);
    const startedMs = Date.now();
    const running = workers.map((one) => one.run());
    const seen = await until('both workers are seen', async () => {
      const fleet = await observeFleet(here.connection, 'default', 'fleet');
      return fleet.length === 2 && fleet;
    });
    expect(seen.map(({ worker: name, slots }) => ({ name, slots })).sort((a, b) => a.slots - b.slots)).toEqual([
      { name: 'here/1', slots: 3 },
      { name: 'there/2', slots: 5 },
    ]);
    for (const { lastSeenMs } of seen) expect(lastSeenMs).toBeGreaterThan(startedMs - 2_000); // Whole seconds.
    expect(await hasWorkflowWorker(here.connection, 'default', 'fleet')).toBe(false);
    for (const one of workers) one.shutdown();
    await Promise.all(running);
    await Promise.all(connections.map((connection) => connection.close()));
  });
});

/** Local addresses, as the kernel writes them, at which a process listens. Linux only. */
async function listeningAddresses(pid: number): Promise<string[]> {
  const fds = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  const inodes = new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
  const tables = await Promise.all(['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8').catch(() => '')));
  return tables.flatMap((table) =>
    table.split('\n').flatMap((line) => {
      const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
      return state === LISTENING && inodes.has(inode) ? [local.split(':')[0] ?? ''] : [];
    }),
  );
}

const LISTENING = '0A';

/** Little-endian words: 127.x.x.x, or ::1, or the first mapped into IPv6. */
function isLoopback(address: string): boolean {
  return /^(0000000000000000FFFF0000)?[0-9A-F]{6}7F$/.test(address) || address === '00000000000000000000000001000000';
}
