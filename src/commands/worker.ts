import { Command } from 'commander';
import { loadServerSettings } from '../adapters/temporal/server-settings.js';
import { loadProject } from '../config/load-settings.js';
import { startTestWorker } from '../worker.js';
import type { Io } from './io.js';
import { addProjectFlags } from './project-flags.js';
import { requireServer } from './require-server.js';
import { readRunFlags } from './run-flags.js';
import { runUntilTold } from './run-worker.js';

/** `holdfast worker`: runs test files for any suite on its queue, from the code of this folder or from the remote a suite names. */
export function workerCommand(io: Io): Command {
  const command = addProjectFlags(new Command('worker').description('run test files for the server of TEMPORAL_ADDRESS'), [
    'config',
    'workers',
  ]);
  return command.action(async () => {
    const settings = await loadProject({ flags: readRunFlags(command), env: io.env, cwd: io.cwd });
    const worker = await startTestWorker({
      server: requireServer(loadServerSettings(io.env)),
      testsQueue: settings.queues.tests,
      slots: settings.worker.slots,
      root: settings.projectRoot,
      objects: settings.objects,
      stateFolder: settings.stateFolder,
      environment: io.env,
      log: (line) => void io.stderr.write(`${line}\n`),
    });
    await runUntilTold(io, worker, `polls ${settings.queues.tests} with ${settings.worker.slots} slots`);
  });
}
