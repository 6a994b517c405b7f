import type { Guard } from '../adapters/process/guard.js';
import { type DevServer, type DevServerOptions, startDevServer } from '../adapters/temporal/dev-server.js';
import { DEFAULTS } from '../core/defaults.js';
import { messageOf } from '../core/errors.js';

/** A server that is started again whenever it ends, on the same addresses and database. */
export type KeptServer = Pick<DevServer, 'address' | 'webUrl'> & {
  /** Resolves when it answers for the first time. Rejects with STACK_FAILED. */
  readonly ready: Promise<void>;
  /** Resolves with a sentence when it keeps ending: there is none any more. */
  readonly failed: Promise<string>;
  /** Ends it at once. */
  stop(): Promise<void>;
};

/** Starts a dev server and keeps it up. Throws STACK_FAILED. */
export async function keepServerUp(
  options: DevServerOptions,
  { guard, log }: { readonly guard: Guard; readonly log: (line: string) => void },
): Promise<KeptServer> {
  const start = async (place: Pick<DevServerOptions, 'port' | 'webUrl'>): Promise<DevServer> => {
    const server = await startDevServer({ ...options, ...place });
    server.ready.catch(() => undefined); // Of the first, whoever starts the stack awaits it; of others, their end says the same.
    guard.add(server.group);
    return server;
  };
  let starting = start({});
  const { address, webUrl, ready } = await starting;
  const port = Number(new URL(`http://${address}`).port);
  let isStopping = false;

  const keepUp = async (): Promise<string> => {
    const deaths: number[] = [];
    for (;;) {
      const server = await starting;
      const how = await server.ended;
      if (isStopping) return 'The Temporal server was told to end.';
      void guard.release(server.group);
      deaths.push(performance.now());
      if (deaths.filter((at) => at > performance.now() - DEFAULTS.serverDeaths.withinMs).length >= DEFAULTS.serverDeaths.count)
        return `The Temporal server keeps ending: ${how}.`;
      log(`The Temporal server ended (${how}), and is started again.`);
      starting = start({ port, webUrl });
    }
  };
  const failed = ready.then(keepUp).catch(messageOf);
  return {
    address,
    webUrl,
    ready,
    failed,
    async stop() {
      isStopping = true;
      const server = await starting.catch(() => null);
      await server?.kill();
    },
  };
}
