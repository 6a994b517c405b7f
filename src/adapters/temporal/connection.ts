import {
  Client,
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  isGrpcServiceError,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import { reasonOf, type ServerSettings } from './server-settings.js';
import { createSigningCodec } from './signing-codec.js';

export type ClientConnection = { readonly client: Client; readonly connection: Connection };

/** Connects to the server and checks that it has the namespace. Throws SERVER_UNREACHABLE or NAMESPACE_UNKNOWN. */
export async function connectClient({ address, namespace, options, keys }: ServerSettings): Promise<ClientConnection> {
  const settings: ConnectionOptions = { ...options, connectTimeout: DEFAULTS.connectTimeoutMs, interceptors: [retrying] };
  const connection = await Connection.connect(settings).catch((error: unknown) => {
    throw new RunnerError('SERVER_UNREACHABLE', `No Temporal server answers at ${address}: ${reasonOf(error)}.`, {
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
      // A client that may not describe a namespace may still use it.
      await connection.close();
      throw code === GRPC_NOT_FOUND
        ? new RunnerError('NAMESPACE_UNKNOWN', `The Temporal server at ${address} has no namespace “${namespace}”.`, {
            cause: error,
          })
        : new RunnerError('SERVER_UNREACHABLE', `The Temporal server at ${address} does not answer: ${reasonOf(error)}.`, {
            cause: error,
          });
    }
  }
  const dataConverter = keys && { payloadCodecs: [createSigningCodec(keys, () => 'throw')] };
  return { client: new Client({ connection, namespace, ...(dataConverter && { dataConverter }) }), connection };
}

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

const retry = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());

/**
 * The client's default retries, which end with the connection: a call that is to be retried after its connection was closed throws in a
 * timer, where nobody can catch it. It never ends instead; whoever closed the connection does not wait for it.
 */
const retrying: Interceptor = (options, nextCall) => {
  let isRetry = false;
  return retry(options, (again) => {
    try {
      return nextCall(again);
    } catch (error) {
      if (!isRetry) throw error;
      return NO_CALL;
    } finally {
      isRetry = true;
    }
  });
};

const NO_CALL: ReturnType<Parameters<Interceptor>[1]> = {
  start: () => undefined,
  sendMessage: () => undefined,
  sendMessageWithContext: () => undefined,
  startRead: () => undefined,
  halfClose: () => undefined,
  cancelWithStatus: () => undefined,
  getPeer: () => '',
  getAuthContext: () => null,
};

/** The error for a server that does not answer. */
export function unreachable(address: string, error: unknown): RunnerError {
  return new RunnerError('SERVER_UNREACHABLE', `No Temporal server answers at ${address}: ${reasonOf(error)}.`, {
    cause: error,
  });
}

const GRPC_NOT_FOUND = 5;
const GRPC_PERMISSION_DENIED = 7;
