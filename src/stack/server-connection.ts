import type { Client, Connection } from '@temporalio/client';
import { loadServerSettings, withKeys } from '../adapters/temporal/server-settings.js';
import type { ProjectSettings } from '../config/settings.js';
import { type Environment, testEnvironment } from '../core/model/environment.js';
import type { Queues } from '../core/model/suite.js';
import { queuesOf } from '../core/model/suite.js';
import { giveEnvironment } from './environments.js';
import { type Joined, joinIfUp, joinStack } from './join.js';
import { keyFileOf } from './key-file.js';
import { stackIdentity } from './stack-identity.js';
import type { StackRecord } from './stack-record.js';
import { withTemporalCli } from './temporal-cli.js';

/** A command's connection to the configured server or to the project's embedded stack. */
export type ServerConnection = {
  readonly client: Client;
  readonly connection: Connection;
  /** `host:port` of the server. */
  readonly address: string;
  readonly namespace: string;
  /** Whether the server itself belongs to the embedded stack. */
  readonly isEmbedded: boolean;
  readonly queues: Queues;
  /** Base URL of Temporal's Web UI; null if unknown. */
  readonly webUi: string | null;
  /** Whether what travels through the server is signed, and with the keys of which file. */
  readonly isSigned: boolean;
  readonly keyFile: string | null;
  /** The embedded stack; null on a configured server without local workers. */
  readonly stack: StackRecord | null;
  /** Rejects with STACK_FAILED if the embedded stack ends while in use; never settles otherwise. */
  readonly stackLost: Promise<never>;
  /** Whether the server has the search attributes of runs. */
  isRegistered(): Promise<boolean>;
  /**
   * Gives the tests of a run, named by its workflow id, the environment of this command, if the embedded stack runs them. Workers of a
   * fleet have their own.
   */
  giveEnvironment(workflowId: string): Promise<void>;
  /** Disconnects. The embedded stack ends if nobody else uses it and nobody wanted it to stay. */
  leave(): Promise<void>;
};

export type ServerOptions = {
  readonly settings: ProjectSettings;
  readonly env: Environment;
  /** Start local workers even if a server is configured. */
  readonly withWorkers?: boolean;
  /** The stack is to run tests: one that was started with other settings is replaced, unless it is in use. */
  readonly isForRuns?: boolean;
  /** How long the stack shall stay up for the next command; 0 by default. */
  readonly stayMs?: number;
};

/**
 * Connects to the server, and starts the embedded stack if needed. Throws SERVER_UNREACHABLE, NAMESPACE_UNKNOWN, BINARY_MISSING
 * or STACK_FAILED.
 */
export async function openServer(options: ServerOptions): Promise<ServerConnection> {
  const { settings, env } = options;
  if (!needsStack(options)) return connectTo(options, null);
  const { projectRoot, stateFolder } = settings;
  const { isForRuns = false, stayMs = 0 } = options;
  return connectTo(
    options,
    joinStack({
      projectRoot,
      stateFolder,
      flags: stackFlags(settings),
      env: withTemporalCli(settings, env),
      identity: stackIdentity(settings, env),
      isForRuns,
      stayMs,
    }),
  );
}

/** Like `openServer`, but never starts a stack: returns null if one would be needed. */
export async function openServerIfUp(options: ServerOptions): Promise<ServerConnection | null> {
  if (!needsStack(options)) return connectTo(options, null);
  const { settings, env } = options;
  const joined = await joinIfUp({ stateFolder: settings.stateFolder, identity: stackIdentity(settings, env) });
  return joined === null ? null : connectTo(options, Promise.resolve(joined));
}

/** Whether the embedded stack runs the tests, in the project's folder. */
export function needsStack({ env, withWorkers = false }: Pick<ServerOptions, 'env' | 'withWorkers'>): boolean {
  return withWorkers || !loadServerSettings(env).isConfigured;
}

async function connectTo({ settings, env }: ServerOptions, joining: Promise<Joined> | null): Promise<ServerConnection> {
  const configured = loadServerSettings(env);
  const [joined, { connectClient }, { areRegistered }] = await Promise.all([
    joining,
    import('../adapters/temporal/connection.js'), // Imported lazily, while the stack starts.
    import('../adapters/temporal/search-attributes.js'),
  ]);
  try {
    const reached = configured.isConfigured ? configured : loadServerSettings(env, joined?.stack.temporalAddress);
    const keyFile = joined ? keyFileOf(settings) : settings.keyFile;
    const server = await withKeys(reached, keyFile);
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
      isSigned: server.keys !== undefined,
      keyFile,
      stackLost: joined?.lost ?? new Promise<never>(() => undefined),
      isRegistered: () => areRegistered(connection, server.namespace),
      async giveEnvironment(workflowId) {
        if (joined) await giveEnvironment(joined.stack.environments, workflowId, testEnvironment(env, {}));
      },
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

/** The flags of `holdfast dev` for starting a stack. */
function stackFlags({ worker, configFile }: ProjectSettings): string[] {
  return ['--slots', String(worker.slots), ...(configFile === null ? [] : ['--config', configFile])];
}

/** A server connection that is opened on first use. */
export function lazyServer(options: ServerOptions): { open(): Promise<ServerConnection>; leave(): Promise<void> } {
  let opening: Promise<ServerConnection> | null = null;
  return {
    open() {
      opening ??= openServer(options);
      return opening;
    },
    async leave() {
      const server = await opening?.catch(() => null); // The caller of `open` got the error.
      await server?.leave();
    },
  };
}
