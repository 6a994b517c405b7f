import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type HeldFolder, holdFolder } from '../adapters/local-socket.js';
import { type Guard, startGuard } from '../adapters/process/guard.js';
import { makePrivateFolder, makeStateFolder } from '../adapters/state-folder.js';
import { findTemporalBinary } from '../adapters/temporal/binary.js';
import { loadServerSettings, type ServerSettings, withKeys } from '../adapters/temporal/server-settings.js';
import { makeProjectKey } from '../adapters/temporal/signing-keys.js';
import { openWebUiDoor } from '../adapters/temporal/web-ui-door.js';
import type { ProjectSettings } from '../config/settings.js';
import { DEFAULTS } from '../core/defaults.js';
import { messageOf, RunnerError } from '../core/errors.js';
import type { Environment } from '../core/model/environment.js';
import { queuesOf } from '../core/model/suite.js';
import { whenAborted } from '../core/model/when-aborted.js';
import { createDoor, type Door } from './door.js';
import { keepEnvironments } from './environments.js';
import { type KeptServer, keepServerUp } from './keep-server-up.js';
import { keyFileOf } from './key-file.js';
import { resultsPlaceOf } from './results-place.js';
import { stackIdentity } from './stack-identity.js';
import { doorFolder, recordFile, type StackRecord } from './stack-record.js';
import { withTemporalCli } from './temporal-cli.js';
import { withThrift } from './thrift.js';
import { keepWorkerUp } from './worker-process.js';

export type HostOptions = {
  readonly settings: ProjectSettings;
  readonly env: Environment;
  /** End when nobody is connected, no run is running, and nobody who has left wants it to stay. */
  readonly untilIdle: boolean;
  readonly log: (line: string) => void;
  /** Aborted when this process is told to stop. */
  readonly signal: AbortSignal;
  /** Called when the stack is up. */
  readonly onUp: (stack: StackRecord) => void;
};

/**
 * Hosts a project's stack until it is told to stop: a Temporal server (unless one is configured), a control worker with the
 * results store, and a test worker. However this process ends, the warden kills the rest. Throws STACK_BUSY if another process
 * already hosts the stack.
 */
export async function hostStack(options: HostOptions): Promise<void> {
  const { settings, log } = options;
  const door = createDoor();
  await makeStateFolder(settings.stateFolder);
  const folder = doorFolder(settings.stateFolder);
  await makePrivateFolder(folder);
  const held = await holdFolder(folder, (socket) => door.enter(socket));
  if (held === null) throw new RunnerError('STACK_BUSY', `The stack of ${settings.projectRoot} is already running.`);
  const guard = startGuard();
  try {
    await serve(options, { door, held, guard });
  } catch (error) {
    const failure = error instanceof RunnerError ? error : new RunnerError('STACK_FAILED', messageOf(error));
    log(failure.message);
    door.answer({ kind: 'failed', message: failure.what, code: failure.code, remedy: failure.remedy });
    throw error;
  } finally {
    await guard.close();
    await endRecord(settings);
    await held.release();
    door.close();
  }
}

type Place = { readonly door: Door; readonly held: HeldFolder; readonly guard: Guard };

async function serve({ settings, env, untilIdle, log, signal, onUp }: HostOptions, { door, held, guard }: Place): Promise<void> {
  const configured = loadServerSettings(env);
  const keyFile = keyFileOf(settings);
  if (settings.keyFile === null) await makeProjectKey(settings.stateFolder);
  const devServer = configured.isConfigured ? null : await startServer(settings, env, guard, log);
  const server = await withKeys(devServer ? loadServerSettings(env, devServer.address) : configured, keyFile);
  const queuePrefix = devServer ? settings.queuePrefix : privatePrefix(settings);
  const queues = queuesOf(queuePrefix);
  const webUi = devServer && (await openWebUiDoor(devServer.webUrl));
  const environments = await keepEnvironments();

  // Start everything in parallel: each takes about a second, and each waits for the server on its own.
  const worker = keepWorkerUp({
    args: ['--slots', String(settings.worker.slots)],
    cwd: settings.projectRoot,
    env: {
      ...withThrift(env),
      TEMPORAL_ADDRESS: server.address,
      HOLDFAST_QUEUE_PREFIX: queuePrefix,
      HOLDFAST_OBJECTS: settings.objects,
      HOLDFAST_KEY_FILE: keyFile,
      HOLDFAST_STACK_ENVIRONMENTS: environments.socketPath,
    },
    guard,
    graceMs: settings.worker.shutdownGraceMs + DEFAULTS.busyThreadAtEndMs, // By then it has ended itself by force.
    log,
  });
  try {
    const { startControlWorker } = await import('../control.js'); // Imported lazily, while the others start.
    const control = await startControlWorker({
      server,
      serverReady: devServer?.ready,
      queues,
      results: resultsPlaceOf(settings),
      objects: settings.objects,
      webUi: webUi?.url ?? null,
      log,
    });
    const running = control.run();
    running.catch(() => undefined);

    const stack: StackRecord = {
      pid: process.pid,
      temporalAddress: server.address,
      namespace: server.namespace,
      webUrl: webUi?.urlWithToken ?? null,
      queuePrefix,
      slots: settings.worker.slots,
      environments: environments.socketPath,
      startedAtMs: Date.now(),
      endsWhenIdle: untilIdle,
      identity: stackIdentity(settings, env),
    };
    await writeFile(recordFile(settings), `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
    door.answer({ kind: 'up', stack });
    onUp(stack);

    const isRunning = runsOn(server, queues.control);
    const ends = [whenAborted(signal), running, whenGone(held.socketPath, log), whenToldToEnd(door, isRunning)];
    if (devServer) ends.push(devServer.failed.then(log));
    if (untilIdle) ends.push(whenIdle(door, isRunning));
    await Promise.race(ends);
    door.beginEnd();
    control.stop();
    const tooLate = delay(settings.worker.shutdownGraceMs + DEFAULTS.stackEndMs, undefined, { ref: false }).then(() =>
      log('The stack did not end in time.'),
    );
    await Promise.race([Promise.all([running, worker.stop()]), tooLate]);
  } finally {
    await worker.stop();
    webUi?.close();
    await devServer?.stop();
    await environments.close();
  }
}

async function startServer(
  settings: ProjectSettings,
  env: HostOptions['env'],
  guard: Guard,
  log: HostOptions['log'],
): Promise<KeptServer> {
  const binary = await findTemporalBinary(withTemporalCli(settings, env), log);
  const dbFile = path.join(settings.stateFolder, 'temporal.db');
  return keepServerUp({ binary, dbFile, logFile: path.join(settings.stateFolder, 'temporal.log') }, { guard, log });
}

/** Queue prefix on a shared server: workers of this folder need their own queues, because no other worker has its code. */
function privatePrefix({ queuePrefix, projectRoot }: ProjectSettings): string {
  const folder = createHash('sha256').update(projectRoot).digest('hex').slice(0, 8);
  return `${queuePrefix}-${userInfo().uid}-${folder}`;
}

/** Resolves when nobody is connected, no run is running and nobody wants the stack to stay. The last to leave is then kept waiting for its end. */
async function whenIdle(door: Door, isRunning: () => Promise<boolean>): Promise<void> {
  const isUnused = () => door.users() === 0 && performance.now() >= door.staysUntilMs();
  const isIdle = async () => isUnused() && !(await isRunning()) && isUnused();
  return new Promise((resolve) => {
    const look = async () => {
      const idle = await isIdle().catch(() => false);
      if (idle) resolve();
      if (idle) door.beginEnd(); // At once: whoever comes now must not take this stack for one that is up.
      return idle;
    };
    door.onLeave = look;
    setInterval(() => void look(), DEFAULTS.idleLookMs).unref();
  });
}

/** Resolves when a connected process has asked for the end, and may: see `StackRequest`. */
function whenToldToEnd(door: Door, isRunning: () => Promise<boolean>): Promise<void> {
  return new Promise((resolve) => {
    door.onEnd = async ({ ifUnused }) => {
      if (ifUnused && (door.users() > 1 || (await isRunning().catch(() => true)) || door.users() > 1)) return false;
      door.beginEnd();
      resolve();
      return true;
    };
  });
}

/** Whether a run is running on the server. Connects when first asked. */
function runsOn(server: ServerSettings, controlQueue: string): () => Promise<boolean> {
  let connecting: ReturnType<typeof connect> | undefined;
  const connect = async () => (await import('../adapters/temporal/connection.js')).connectClient(server);
  return async () => {
    connecting ??= connect();
    connecting.catch(() => {
      connecting = undefined;
    });
    const { client } = await connecting;
    const { count } = await client.workflow.count(
      `ExecutionStatus = 'Running' AND TaskQueue = '${controlQueue}' AND WorkflowType IN ('runSuite', 'lookup')`,
    );
    return count > 0;
  };
}

/** Resolves when the state folder was removed: nobody finds this stack then, and a new one may be up. */
async function whenGone(socketPath: string, log: HostOptions['log']): Promise<void> {
  while (await stat(socketPath).catch(() => null)) await delay(DEFAULTS.idleLookMs, undefined, { ref: false });
  log('The folder of this stack is gone, and so it ends.');
}

/** Removes the record, unless it is that of a stack that was started after the folder of this one was removed. */
async function endRecord(settings: ProjectSettings): Promise<void> {
  const record = await readFile(recordFile(settings), 'utf8').catch(() => '');
  if (record.includes(`"pid": ${process.pid},`)) await rm(recordFile(settings), { force: true });
}
