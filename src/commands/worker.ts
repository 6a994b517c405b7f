import { Command } from 'commander';
import { metadataUrlOf, watchForNotice } from '../adapters/preemption/index.js';
import { loadServerSettings, withKeys } from '../adapters/temporal/server-settings.js';
import type { Io } from '../cli/io.js';
import { addWorkerFlags, projectOf } from '../cli/project-flags.js';
import { requireServer } from '../cli/require-server.js';
import { runUntilStopped } from '../cli/run-worker.js';
import { DEFAULTS } from '../core/defaults.js';
import { CLOUDS } from '../core/fleet/cloud.js';
import type { Environment } from '../core/model/environment.js';
import { environmentsFrom } from '../stack/environments.js';
import { withoutThrift } from '../stack/thrift.js';
import { startTestWorker } from '../worker.js';

/** `holdfast worker`: runs test files for any suite on its queue, from the code in this folder or from the suite's remote. */
export function workerCommand(io: Io): Command {
  const command = addWorkerFlags(new Command('worker').description('start a test worker for the server at TEMPORAL_ADDRESS'));
  return command.action(async () => {
    const settings = await projectOf(io, command);
    const { slots, shutdownGraceMs, recycleAfter, preemptSignal, cloud } = settings.worker;
    const log = (line: string) => void io.stderr.write(`${line}\n`);
    setInterval(io.beat, DEFAULTS.threadBeatMs).unref();
    const longestMs = cloud === null ? DEFAULTS.platformGraceMs : CLOUDS[cloud].graceMs;
    if (shutdownGraceMs > longestMs)
      log(
        `--shutdown-grace is ${shutdownGraceMs} ms, but ${cloud ?? 'most platforms'} may end a machine ${longestMs} ms after its notice.`,
      );
    const worker = await startTestWorker({
      server: await withKeys(requireServer(loadServerSettings(io.env)), settings.keyFile),
      testsQueue: settings.queues.tests,
      slots,
      shutdownGraceMs,
      recycleAfter,
      root: settings.projectRoot,
      objects: settings.objects,
      stateFolder: settings.stateFolder,
      environmentOf: environmentsOf(io.env),
      log,
    });
    if (preemptSignal !== null) io.onSignal(preemptSignal, () => worker.stop());
    if (cloud !== null) {
      const notice = watchForNotice(cloud, { url: metadataUrlOf(cloud, io.env), log });
      void notice.then((reason) => {
        log(reason);
        worker.stop();
      });
    }
    await runUntilStopped(io, worker, `polls ${settings.queues.tests} with ${slots} slots`);
  });
}

/** On an embedded stack, tests get the environment of the command that started their run; elsewhere, that of the worker. */
function environmentsOf(env: Environment): (workflowId: string) => Promise<Environment> {
  const own = { ...env }; // A copy: reads of the original are slow.
  const stack = env.HOLDFAST_STACK_ENVIRONMENTS;
  return stack === undefined ? () => Promise.resolve(own) : environmentsFrom(stack, withoutThrift(own));
}
