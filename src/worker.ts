import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { createTestActivities } from './activities/test/index.js';
import { frameworkOf, listTestFiles } from './adapters/frameworks/index.js';
import { createRunFile } from './adapters/frameworks/run-file.js';
import { createParcels, openObjects } from './adapters/objects/index.js';
import { startGuard } from './adapters/process/guard.js';
import { COOKIE } from './adapters/process/marked.js';
import { createRunProcess } from './adapters/process/run-process.js';
import { createSlots } from './adapters/process/slots.js';
import { claimWorkFolder } from './adapters/process/work-folder.js';
import { createSources } from './adapters/sources/checkout.js';
import { quietRuntime } from './adapters/temporal/runtime.js';
import type { ServerSettings } from './adapters/temporal/server-settings.js';
import { connectWorker } from './adapters/temporal/worker-connection.js';
import { DEFAULTS } from './core/defaults.js';
import type { Environment } from './core/environment.js';
import { identityOf } from './core/identity.js';

export type TestWorkerOptions = {
  readonly server: ServerSettings;
  readonly testsQueue: string;
  readonly slots: number;
  /** Folder that holds the code of suites with `source: checkout`. */
  readonly root: string;
  readonly objects: string;
  /** Folder of this machine for trees and scratch files. */
  readonly stateFolder: string;
  readonly environment: Environment;
  /** Told a line for each attempt that is ended from outside. */
  readonly log: (line: string) => void;
};

/** Something that polls until it is told to stop. `run` settles when it has stopped. */
export type RunningWorker = { readonly name: string; run(): Promise<void>; stop(): void };

/** A test worker: expendable, without any state that matters. It holds one process group for each slot in use and takes no work beyond. */
export async function startTestWorker(options: TestWorkerOptions): Promise<RunningWorker> {
  quietRuntime();
  const name = workerName();
  const connection: NativeConnection = await connectWorker(options.server);
  const guard = startGuard();
  const workFolder = await claimWorkFolder(path.join(options.stateFolder, 'work'), guard.cookie);
  const activities = createTestActivities({
    worker: name,
    slots: createSlots(options.slots),
    parcels: createParcels(openObjects(options.objects)),
    sources: createSources({ root: options.root, treesFolder: path.join(options.stateFolder, 'trees') }),
    frameworkOf,
    listTestFiles,
    runFile: createRunFile(createRunProcess(guard), workFolder),
    environment: options.environment,
    marks: { [COOKIE]: guard.mark() },
    log: options.log,
  });
  const worker = await Worker.create({
    connection,
    namespace: options.server.namespace,
    taskQueue: options.testsQueue,
    identity: identityOf({ worker: name, slots: options.slots }),
    activities,
    maxConcurrentActivityTaskExecutions: options.slots,
    shutdownGraceTime: 0, // Running attempts are told at once: they hand their files back.
    shutdownForceTime: DEFAULTS.shutdownGraceMs,
  });
  return {
    name,
    async run() {
      try {
        await worker.run();
      } finally {
        await guard.close();
        await rm(workFolder, { recursive: true, force: true });
        await connection.close();
      }
    },
    stop: () => stopOnce(worker),
  };
}

/** `host/pid` of this process. */
export function workerName(): string {
  return `${hostname()}/${process.pid}`;
}

/** Asking twice is no error: signals come in pairs. */
export function stopOnce(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}
