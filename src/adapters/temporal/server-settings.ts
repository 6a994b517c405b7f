import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import { messageOf, RunnerError } from '../../core/errors.js';
import type { Environment } from '../../core/model/environment.js';
import { readKeys, type SigningKeys } from './signing-keys.js';

/** The server's address and how to connect, by Temporal's own conventions: environment, profile file, TLS, API key. */
export type ServerSettings = {
  readonly address: string;
  readonly namespace: string;
  /** False if no server is configured, which means the embedded stack. */
  readonly isConfigured: boolean;
  readonly options: NativeConnectionOptions;
  /** Keys that sign what travels through the server. Without keys, nothing is signed, and everything is believed. */
  readonly keys?: SigningKeys;
};

/** Reads the settings. `address`, such as the embedded stack's, overrides the configured one. Throws CONFIG_INVALID. */
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
    // One line and no cause: a TOML parser quotes the lines around an error, which may contain a key.
    const [reason = ''] = reasonOf(error).split('\n');
    throw new RunnerError('CONFIG_INVALID', `Temporal’s connection settings cannot be read: ${reason}.`);
  }
}

/** The settings with the keys of a file; without a file, as they are. Throws CONFIG_INVALID or CONFIG_UNREADABLE. */
export async function withKeys(server: ServerSettings, keyFile: string | null): Promise<ServerSettings> {
  return keyFile === null ? server : { ...server, keys: await readKeys(keyFile) };
}

/** The message of a connection error, made to fit into a sentence. */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  if (/ConnectionRefused|ECONNREFUSED/.test(message)) return 'the connection was refused';
  return message.replace(/\.$/, '');
}
