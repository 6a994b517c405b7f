import type { Client, Connection } from '@temporalio/client';
import { loadServerSettings } from '../adapters/temporal/server-settings.js';
import type { ProjectSettings } from '../config/settings.js';
import type { Environment } from '../core/model/environment.js';
import type { Queues } from '../core/model/suite.js';
import { queuesOf } from '../core/model/suite.js';
import { type Joined, joinIfUp, joinStack } from './join.js';
import type { StackRecord } from './stack-record.js';
import { withTemporalCli } from './temporal-cli.js';

/** A command's connection to the server it works with: the configured one, or the project's embedded stack. */
export type ServerConnection = {
  readonly client: Client;
  readonly connection: Connection;
  /** `host:port` of the server. */
  readonly address: string;
  readonly namespace: string;
  /** Is the server itself the project's own? */
  readonly isEmbedded: boolean;
  readonly queues: Queues;
  /** Base of Temporal's Web UI; null where none is known. */
  readonly webUi: string | null;
  /** null on a configured server without workers of this project's own. */
  readonly stack: StackRecord | null;
  /** Rejects with STACK_FAILED when the embedded stack ends while it is used; never settles otherwise. */
  readonly stackLost: Promise<never>;
  /** Does the server know the search attributes of runs? */
  isRegistered(): Promise<boolean>;
  /** Ends the connection; a stack that nobody else uses ends too. */
  leave(): Promise<void>;
};

export type ServerOptions = {
  readonly settings: ProjectSettings;
  readonly env: Environment;
  /** Have workers of this project's own also with a configured server. */
  readonly withWorkers?: boolean;
};

/** Connects to the server; starts the embedded stack where none is configured. Throws SERVER_UNREACHABLE, NAMESPACE_UNKNOWN, BINARY_MISSING or STACK_FAILED. */
export async function openServer(options: ServerOptions): Promise<ServerConnection> {
  const { settings, env } = options;
  if (!needsStack(options)) return connectTo(options, null);
  const { projectRoot, stateFolder } = settings;
  return connectTo(
    options,
    joinStack({ projectRoot, stateFolder, flags: stackFlags(settings), env: withTemporalCli(settings, env) }),
  );
}

/** The same without starting anything: null where a stack would have to be started. */
export async function openServerIfUp(options: ServerOptions): Promise<ServerConnection | null> {
  if (!needsStack(options)) return connectTo(options, null);
  const joined = await joinIfUp(options.settings.projectRoot);
  return joined === null ? null : connectTo(options, Promise.resolve(joined));
}

function needsStack({ env, withWorkers = false }: ServerOptions): boolean {
  return withWorkers || !loadServerSettings(env).isConfigured;
}

async function connectTo({ settings, env }: ServerOptions, joining: Promise<Joined> | null): Promise<ServerConnection> {
  const configured = loadServerSettings(env);
  const [joined, { connectClient }, { areRegistered }] = await Promise.all([
    joining,
    import('../adapters/temporal/connection.js'), // Loaded while the stack starts.
    import('../adapters/temporal/search-attributes.js'),
  ]);
  try {
    const server = configured.isConfigured ? configured : loadServerSettings(env, joined?.stack.temporalAddress);
    const { client, connection } = await connectClient(server);
    return {
      client,
      connection,
      address: server.address,
      namespace: server.namespace,
      isEmbedded: !configured.isConfigured,
      queues: joined ? queuesOf(joined.stack.queuePrefix) : settings.queues,
      webUi: joined?.stack.webUrl ?? settings.webUi,
      stack: joined?.stack ?? null,
      stackLost: joined?.lost ?? new Promise<never>(() => undefined),
      isRegistered: () => areRegistered(connection, server.namespace),
      async leave() {
        await connection.close();
        await joined?.leave();
      },
    };
  } catch (error) {
    await joined?.leave();
    throw error;
  }
}

/** What a stack that has to be started is told. */
function stackFlags({ worker, configFile }: ProjectSettings): string[] {
  return ['--slots', String(worker.slots), ...(configFile === null ? [] : ['--config', configFile])];
}

/** A server that is connected to when it is first needed. */
export function lazyServer(options: ServerOptions): { open(): Promise<ServerConnection>; leave(): Promise<void> } {
  let opening: Promise<ServerConnection> | null = null;
  return {
    open() {
      opening ??= openServer(options);
      return opening;
    },
    async leave() {
      const server = await opening?.catch(() => null); // Who opened it was told why it failed.
      await server?.leave();
    },
  };
}
