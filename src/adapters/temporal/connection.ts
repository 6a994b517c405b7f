import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection, type ConnectionOptions, isGrpcServiceError } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';

/** Where the server is and how to reach it, as Temporal's own conventions tell: environment, profile file, TLS, API key. */
export type ServerSettings = {
  readonly address: string;
  readonly namespace: string;
  /** False when nothing names a server: the embedded stack is meant. */
  readonly isConfigured: boolean;
  readonly options: NativeConnectionOptions;
};

/** Reads the settings. `address` stands in for one that is not configured, such as the embedded stack's. Throws CONFIG_INVALID. */
export function loadServerSettings(env: Readonly<Record<string, string | undefined>>, address?: string): ServerSettings {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars });
    const configured = connectionOptions.address;
    const chosen = address ?? configured ?? '';
    return {
      address: chosen,
      namespace: namespace ?? 'default',
      isConfigured: configured !== undefined && configured !== '',
      options: { ...connectionOptions, address: chosen },
    };
  } catch (error) {
    throw new RunnerError('CONFIG_INVALID', `Temporal’s connection settings cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

export type ClientConnection = { readonly client: Client; readonly connection: Connection };

/** A client of a server that is there and has the namespace. Throws SERVER_UNREACHABLE or NAMESPACE_UNKNOWN. */
export async function connectClient({ address, namespace, options }: ServerSettings): Promise<ClientConnection> {
  const settings: ConnectionOptions = { ...options, connectTimeout: DEFAULTS.connectTimeoutMs };
  const connection = await Connection.connect(settings).catch((error: unknown) => {
    throw new RunnerError('SERVER_UNREACHABLE', `No Temporal server answers at ${address}: ${messageOf(error)}.`, {
      cause: error,
    });
  });
  try {
    await connection.withDeadline(Date.now() + DEFAULTS.connectTimeoutMs, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } catch (error) {
    const code = isGrpcServiceError(error) ? error.code : undefined;
    if (code !== GRPC_PERMISSION_DENIED) {
      // Who may not describe a namespace may still use it.
      await connection.close();
      throw code === GRPC_NOT_FOUND
        ? new RunnerError('NAMESPACE_UNKNOWN', `The Temporal server at ${address} has no namespace “${namespace}”.`, {
            cause: error,
          })
        : new RunnerError('SERVER_UNREACHABLE', `The Temporal server at ${address} does not answer: ${messageOf(error)}.`, {
            cause: error,
          });
    }
  }
  return { client: new Client({ connection, namespace }), connection };
}

/** The connection of a worker. A server that is only just starting is waited for. Throws SERVER_UNREACHABLE. */
export async function connectWorker({ address, options }: ServerSettings): Promise<NativeConnection> {
  const endMs = performance.now() + DEFAULTS.connectTimeoutMs;
  for (;;) {
    try {
      return await NativeConnection.connect(options); // SDK: fails at once where nothing listens.
    } catch (error) {
      if (performance.now() > endMs) throw unreachable(address, error);
      await delay(DEFAULTS.connectRetryMs);
    }
  }
}

function unreachable(address: string, error: unknown): RunnerError {
  return new RunnerError('SERVER_UNREACHABLE', `No Temporal server answers at ${address}: ${messageOf(error)}.`, {
    cause: error,
  });
}

const GRPC_NOT_FOUND = 5;
const GRPC_PERMISSION_DENIED = 7;

/** The innermost reason, without the layers around it. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/ConnectionRefused|ECONNREFUSED/.test(message)) return 'the connection was refused';
  return message.replace(/\.$/, '');
}
