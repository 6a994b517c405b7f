import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { messageOf, RunnerError } from '../../core/errors.js';
import type { Environment } from '../../core/model/environment.js';

/** Where the server is and how to reach it, as Temporal's own conventions tell: environment, profile file, TLS, API key. */
export type ServerSettings = {
  readonly address: string;
  readonly namespace: string;
  /** False when nothing names a server: the embedded stack is meant. */
  readonly isConfigured: boolean;
  readonly options: NativeConnectionOptions;
};

/** Reads the settings. `address` stands in for one that is not configured, such as the embedded stack's. Throws CONFIG_INVALID. */
export function loadServerSettings(env: Environment, address?: string): ServerSettings {
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
    // No cause and one line only: a TOML parser quotes the lines around an error, and a key may stand in them.
    const [reason = ''] = reasonOf(error).split('\n');
    throw new RunnerError('CONFIG_INVALID', `Temporal’s connection settings cannot be read: ${reason}.`);
  }
}

/** The innermost reason, without the layers around it. */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  if (/ConnectionRefused|ECONNREFUSED/.test(message)) return 'the connection was refused';
  return message.replace(/\.$/, '');
}
