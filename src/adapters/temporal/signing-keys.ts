import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hasCode, messageOf, RunnerError } from '../../core/errors.js';

/** Keys that sign what travels through Temporal: the first signs, all verify. */
export type SigningKeys = readonly [SigningKey, ...SigningKey[]];
export type SigningKey = {
  /** Names the key without revealing it. */
  readonly id: string;
  readonly secret: Buffer;
};

const KEY_BYTES = 32;
/** Shorter ones could be guessed. */
const LEAST_CHARACTERS = 32;

/** Path of a project's own key, with which its embedded stack signs. */
export function projectKeyFile(stateFolder: string): string {
  return path.join(stateFolder, 'key');
}

/** Makes the project's key if it has none. Of two processes that do so at once, both have the same key then. */
export async function makeProjectKey(stateFolder: string): Promise<void> {
  const file = projectKeyFile(stateFolder);
  if (await stat(file).catch(() => null)) return;
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: 0o600 });
  await link(draft, file).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  await rm(draft);
}

/** Reads a file with one key per line; lines that begin with # are comments. Throws CONFIG_INVALID, or CONFIG_UNREADABLE. */
export async function readKeys(file: string): Promise<SigningKeys> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RunnerError('CONFIG_UNREADABLE', `The key file ${file} cannot be read: ${messageOf(error)}.`);
  });
  const lines = text.split('\n').map((line) => line.trim());
  const [first, ...more] = lines.filter((line) => line !== '' && !line.startsWith('#')).map(keyOf);
  if (first === undefined) throw new RunnerError('CONFIG_INVALID', `The key file ${file} has no key.`);
  if ([first, ...more].some(({ secret }) => secret.length < LEAST_CHARACTERS))
    throw new RunnerError('CONFIG_INVALID', `A key in ${file} has fewer than ${LEAST_CHARACTERS} characters.`, {
      remedy: 'Make one with `openssl rand -base64 32`, one per line.',
    });
  return [first, ...more];
}

const keyOf = (line: string): SigningKey => ({
  id: createHash('sha256').update(`holdfast key id\n${line}`).digest('hex').slice(0, 8),
  secret: Buffer.from(line),
});
