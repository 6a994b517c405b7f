import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { createTestActivities } from './activities/run/index.js';
import { createMatcher } from './adapters/match-patterns.js';
import { createClaimChecks, openFolder, openObjects } from './adapters/objects/index.js';
import { createOpenChannelProcess } from './adapters/process/channel-process.js';
import { createCompany } from './adapters/process/company.js';
import { fullDiskReason } from './adapters/process/disk.js';
import { startGuard } from './adapters/process/guard.js';
import { createLoadMeter } from './adapters/process/load-meter.js';
import { COOKIE } from './adapters/process/marked.js';
import { memoryMb } from './adapters/process/memory.js';
import { createOwnNetwork } from './adapters/process/own-network.js';
import { holderOfPort } from './adapters/process/port-holder.js';
import { createRunProcess } from './adapters/process/run-process.js';
import { createSlots } from './adapters/process/slots.js';
import { claimWorkFolder } from './adapters/process/work-folder.js';
import { repository } from './adapters/repository/index.js';
import { createSources } from './adapters/sources/checkout.js';
import { makeStateFolder } from './adapters/state-folder.js';
import { checkingValues } from './adapters/temporal/check-values.js';
import { quietRuntime } from './adapters/temporal/runtime.js';
import type { ServerSettings } from './adapters/temporal/server-settings.js';
import { connectWorker } from './adapters/temporal/worker-connection.js';
import { DEFAULTS } from './core/defaults.js';
import { RunnerError } from './core/errors.js';
import { identityOf } from './core/fleet/identity.js';
import type { Environment } from './core/model/environment.js';
import { queueOfWorker, sickQueueOf } from './core/model/suite.js';
import { whenAborted } from './core/model/when-aborted.js';
import { frameworkOf, listTestFiles } from './frameworks/index.js';
import { LoneFiles } from './frameworks/pool/lone-files.js';
import { SessionPool } from './frameworks/pool/pool.js';
import { StartTimes } from './frameworks/pool/start-times.js';
import { createRunAlone } from './frameworks/run-alone.js';
import { FileRunner } from './frameworks/run-file.js';
import { type Service, Vitals } from './worker/health.js';
import { type CreatePollers, pollWhileWell } from './worker/polling.js';
import { type RunningWorker, workerName } from './worker/running-worker.js';

export type TestWorkerOptions = Service & {
  readonly server: ServerSettings;
  readonly testsQueue: string;
  readonly slots: number;
  /** How long the worker may take to shut down before it exits by force. */
  readonly shutdownGraceMs: number;
  /** Folder with the code of suites with `source: checkout`. */
  readonly root: string;
  readonly objects: string;
  /** Local folder for source trees, caches and scratch files. */
  readonly stateFolder: string;
  /** The environment from which that of a run's tests is derived, by workflow id. */
  readonly environmentOf: (workflowId: string) => Promise<Environment>;
  /** Called with a line for each attempt that is stopped from outside, and when the worker falls sick or recovers. */
  readonly log: (line: string) => void;
};

/** How long the SDK lets running activities finish before it cancels them. Effectively forever, because we stop them ourselves. */
const SDK_SHUTDOWN_GRACE = '24 days';

/**
 * Starts a test worker. It is expendable and has no state that matters. Its `run` rejects with WORKER_UNGUARDED if its wardens
 * keep dying, and with WORKER_STUCK if it does not shut down in time.
 */
export async function startTestWorker(options: TestWorkerOptions): Promise<RunningWorker> {
  quietRuntime();
  const { slots, log } = options;
  const name = workerName();
  const connection = await connectWorker(options.server);
  const guard = startGuard({ niceness: slots > availableParallelism() ? DEFAULTS.testNiceness : 0 });
  await makeStateFolder(options.stateFolder);
  const workFolder = await claimWorkFolder(path.join(options.stateFolder, 'work'), guard.cookie);
  const leaving = new AbortController();
  const vitals = new Vitals(options);
  void whenAborted(vitals.worn).then(() => log(vitals.worn.reason));
  const places = createSlots(slots);
  const cacheFolder = path.join(options.stateFolder, 'cache');
  const pool = new SessionPool(createOpenChannelProcess(guard), { workFolder, cacheFolder, most: slots });
  const fileRunner = new FileRunner({
    runAlone: createRunAlone(createRunProcess(guard), workFolder),
    pool,
    starts: new StartTimes(openFolder(cacheFolder), log),
    loneFiles: new LoneFiles(openFolder(cacheFolder), log),
    workFolder,
    log,
  });
  const activities = createTestActivities({
    worker: name,
    slots: places,
    memoryMb: memoryMb(),
    loadMeter: createLoadMeter(places),
    company: createCompany(),
    holderOfPort,
    ownNetwork: createOwnNetwork(),
    claimChecks: createClaimChecks(openObjects(options.objects)),
    sources: createSources({ root: options.root, treesFolder: path.join(options.stateFolder, 'trees') }),
    frameworkOf,
    listTestFiles,
    repository,
    fileRunner,
    environmentOf: options.environmentOf,
    matcherOf: (text) => createMatcher(text, { log }),
    marks: { [COOKIE]: guard.mark() },
    leaving: leaving.signal,
    unfitReason: () => fullDiskReason(options.stateFolder),
    onHealthSignal: (sign) => vitals.tell(sign),
    log,
  });
  const checking = checkingValues(options.server, log);
  const createPoller = (taskQueue: string, sick: string | null) =>
    Worker.create({
      ...checking,
      connection,
      namespace: options.server.namespace,
      taskQueue,
      identity: identityOf({ worker: name, slots, memoryMb: memoryMb(), sick }),
      activities,
      maxConcurrentActivityTaskExecutions: slots, // Per queue; `places` limits what runs in total.
      shutdownGraceTime: SDK_SHUTDOWN_GRACE,
    });
  const { testsQueue } = options;
  const createPollers: CreatePollers = (sick) =>
    Promise.all(
      sick === null
        ? [createPoller(testsQueue, null), createPoller(queueOfWorker(testsQueue, name), null)]
        : [createPoller(sickQueueOf(testsQueue), sick)],
    );
  return {
    name,
    async run() {
      let failure: string | null = null;
      void guard.failed.then((reason) => {
        failure = reason;
        leaving.abort();
      });
      try {
        const polling = pollWhileWell(createPollers, { vitals, leaving: leaving.signal, log });
        await Promise.race([polling, tooLate(leaving.signal, options.shutdownGraceMs)]);
        await connection.close();
      } finally {
        await pool.close();
        await guard.close();
        await rm(workFolder, { recursive: true, force: true });
      }
      if (failure !== null) throw new RunnerError('WORKER_UNGUARDED', failure);
    },
    stop: () => leaving.abort(),
  };
}

/** Throws WORKER_STUCK if a worker that was told to leave is still running after its grace period. */
async function tooLate(leaving: AbortSignal, graceMs: number): Promise<never> {
  await whenAborted(leaving);
  await delay(graceMs, undefined, { ref: false });
  throw new RunnerError('WORKER_STUCK', `This worker could not shut down within ${graceMs} ms.`);
}
