import { DefaultLogger, Runtime } from '@temporalio/worker';

let isInstalled = false;

/**
 * The SDK's runtime, once for each process: warnings and errors only, on standard error, and no signal handlers of its own: who started
 * a worker decides what a signal means.
 */
export function quietRuntime(): void {
  if (isInstalled) return;
  isInstalled = true;
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN'),
    telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } },
  });
}
