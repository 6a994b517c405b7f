import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';

let isInstalled = false;

/** A test worker has none on purpose. */
const EXPECTED = /^No workflows registered/;

/**
 * The SDK's runtime, once for each process: warnings and errors only, on standard error, and no signal handlers of its own: who started
 * a worker decides what a signal means.
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
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });
}
