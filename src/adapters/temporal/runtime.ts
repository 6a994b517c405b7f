import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';

let isInstalled = false;

/** A test worker has no workflows on purpose. */
const EXPECTED = /^No workflows registered/;

/** The module of the SDK that warns of workflow tasks that fail: those are bugs, and a run with one makes no progress. */
const WORKFLOW_TASKS = 'temporalio_sdk_core::worker::workflow';

/**
 * Installs the SDK's runtime once per process: only warnings and errors, on stderr, and no signal handlers, because whoever
 * started the worker decides what a signal means.
 */
export function quietRuntime(): void {
  if (isInstalled) return;
  isInstalled = true;
  const write = new DefaultLogger('WARN');
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }: LogEntry) => {
      if (!EXPECTED.test(message)) write.log(level, message, meta);
    }),
    telemetryOptions: { logging: { forward: {}, filter: `ERROR,${WORKFLOW_TASKS}=WARN` } },
  });
}
