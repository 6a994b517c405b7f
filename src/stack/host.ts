import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { type Guard, startGuard } from '../adapters/process/guard.js';
import { findTemporalBinary } from '../adapters/temporal/binary.js';
import { type DevServer, startDevServer } from '../adapters/temporal/dev-server.js';
import { loadServerSettings, type ServerSettings } from '../adapters/temporal/server-settings.js';
import type { ProjectSettings } from '../config/settings.js';
import { DEFAULTS } from '../core/defaults.js';
import { messageOf, RunnerError } from '../core/errors.js';
import type { Environment } from '../core/model/environment.js';
import { queuesOf } from '../core/model/suite.js';
import { whenAborted } from '../core/model/when-aborted.js';
import { createDoor, type Door } from './door.js';
import { resultsPlaceOf } from './results-place.js';
import { recordFile, type StackRecord } from './stack-record.js';
import { listen, socketPathOf } from './stack-socket.js';
import { withTemporalCli } from './temporal-cli.js';
import { keepWorkerUp } from './worker-process.js';

export type HostOptions = {
  readonly settings: ProjectSettings;
  readonly env: Environment;
  /** Leave when nobody is connected and no run goes on. */
  readonly untilIdle: boolean;
  readonly log: (line: string) => void;
  /** Aborted when this process is told to leave. */
  readonly signal: AbortSignal;
  /** The stack is up. */
  readonly onUp: (stack: StackRecord) => void;
};

/**
 * Holds a project's stack up until it is told to leave: a Temporal server (where none is configured), a control worker with the results
 * store, and a test worker. Throws STACK_BUSY when another process holds it already. Whatever ends this process, the warden ends the rest.
 */
export async function hostStack(options: HostOptions): Promise<void> {
  const { settings, log } = options;
  const door = createDoor();
  const listener = await listen(socketPathOf(settings.projectRoot), (socket) => door.enter(socket));
  if (listener === null) throw new RunnerError('STACK_BUSY', `The stack of ${settings.projectRoot} is up already.`);
  const guard = startGuard();
  try {
    await serve(options, door, guard);
  } catch (error) {
    const message = messageOf(error);
    log(message);
    door.answer({ kind: 'failed', message });
    throw error;
  } finally {
    await rm(recordFile(settings), { force: true });
    await guard.close();
    listener.close();
    door.close();
  }
}

async function serve({ settings, env, untilIdle, log, signal, onUp }: HostOptions, door: Door, guard: Guard): Promise<void> {
  await mkdir(settings.stateFolder, { recursive: true });
  const configured = loadServerSettings(env);
  const devServer = configured.isConfigured ? null : await startServer(settings, env, guard, log);
  const server = devServer ? loadServerSettings(env, devServer.address) : configured;
  const queuePrefix = devServer ? settings.queuePrefix : privatePrefix(settings);
  const queues = queuesOf(queuePrefix);

  // Side by side: each takes about a second, and all of them wait for the server by themselves.
  const worker = keepWorkerUp({
    args: ['--slots', String(settings.worker.slots)],
    cwd: settings.projectRoot,
    env: { ...env, TEMPORAL_ADDRESS: server.address, HOLDFAST_QUEUE_PREFIX: queuePrefix, HOLDFAST_OBJECTS: settings.objects },
    guard,
  });
  try {
    const { startControlWorker } = await import('../control.js'); // Loaded while the others start.
    const control = await startControlWorker({
      server,
      serverReady: devServer?.ready,
      queues,
      results: resultsPlaceOf(settings),
      objects: settings.objects,
      webUi: devServer?.webUrl ?? null,
    });
    const running = control.run();
    running.catch(() => undefined);

    const stack: StackRecord = {
      pid: process.pid,
      temporalAddress: server.address,
      namespace: server.namespace,
      webUrl: devServer?.webUrl ?? null,
      queuePrefix,
      slots: settings.worker.slots,
      startedAtMs: Date.now(),
    };
    await writeFile(recordFile(settings), `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
    door.answer({ kind: 'up', stack });
    onUp(stack);

    const ends = [whenAborted(signal), running];
    if (devServer) ends.push(devServer.ended.then((how) => log(`The Temporal server ended: ${how}.`)));
    if (untilIdle) ends.push(whenIdle(door, server, queues.control));
    await Promise.race(ends);
    control.stop();
    await Promise.all([running, worker.stop()]);
  } finally {
    await worker.stop();
    await devServer?.kill();
  }
}

async function startServer(
  settings: ProjectSettings,
  env: HostOptions['env'],
  guard: Guard,
  log: HostOptions['log'],
): Promise<DevServer> {
  const binary = await findTemporalBinary(withTemporalCli(settings, env), log);
  const dbFile = path.join(settings.stateFolder, 'temporal.db');
  const devServer = await startDevServer({ binary, dbFile, logFile: path.join(settings.stateFolder, 'temporal.log') });
  devServer.ready.catch(() => undefined); // Awaited by the caller.
  guard.add(devServer.group);
  return devServer;
}

/** On a server that others use too, workers of this folder poll queues of their own: nobody else has its code. */
function privatePrefix({ queuePrefix, projectRoot }: ProjectSettings): string {
  const folder = createHash('sha256').update(projectRoot).digest('hex').slice(0, 8);
  return `${queuePrefix}-${userInfo().uid}-${folder}`;
}

/** Nobody is connected, and no run goes on. Those who have just left are told to wait for our end. */
async function whenIdle(door: Door, server: ServerSettings, controlQueue: string): Promise<void> {
  const { connectClient } = await import('../adapters/temporal/connection.js');
  const { client } = await connectClient(server);
  const isIdle = async () => {
    if (door.users() > 0) return false;
    const { count } = await client.workflow.count(
      `ExecutionStatus = 'Running' AND TaskQueue = '${controlQueue}' AND WorkflowType IN ('runSuite', 'lookup')`,
    );
    return count === 0 && door.users() === 0;
  };
  return new Promise((resolve) => {
    const look = async () => {
      const idle = await isIdle().catch(() => false);
      if (idle) resolve();
      return idle;
    };
    door.onLeave = look;
    setInterval(() => void look(), DEFAULTS.idleLookMs).unref();
  });
}
