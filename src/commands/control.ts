import { Command } from 'commander';
import { loadServerSettings, withKeys } from '../adapters/temporal/server-settings.js';
import type { Io } from '../cli/io.js';
import { addProjectFlags, projectOf } from '../cli/project-flags.js';
import { requireServer } from '../cli/require-server.js';
import { runUntilStopped } from '../cli/run-worker.js';
import { startControlWorker } from '../control.js';
import { resultsPlaceOf } from '../stack/results-place.js';

/** `holdfast control`: runs a control worker, which drives runs and keeps their results. Belongs on a stable machine. */
export function controlCommand(io: Io): Command {
  const command = addProjectFlags(
    new Command('control').description(
      'start a control worker for the server at TEMPORAL_ADDRESS: it drives runs and keeps their results',
    ),
  );
  return command.action(async () => {
    const settings = await projectOf(io, command);
    const server = await withKeys(requireServer(loadServerSettings(io.env)), settings.keyFile);
    const results = resultsPlaceOf(settings);
    if (results.kind === 'embedded') {
      io.stderr.write(`No HOLDFAST_DATABASE_URL: results are kept in ${results.folder}, for this control worker alone.\n`);
    }
    const control = await startControlWorker({
      server,
      queues: settings.queues,
      results,
      objects: settings.objects,
      webUi: settings.webUi,
      log: (line) => void io.stderr.write(`${line}\n`),
    });
    await runUntilStopped(io, control, `polls ${settings.queues.control}`);
  });
}
