import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RunnerError } from '../core/errors.js';

/**
 * Reads a list of paths, one per line, or separated by NUL if it contains any (names may contain newlines). `-` reads stdin.
 * Throws FILE_MISSING if the list cannot be read.
 */
export async function readFilesFrom(
  list: string,
  { cwd, stdin }: { readonly cwd: string; readonly stdin: AsyncIterable<Uint8Array | string> },
): Promise<readonly string[]> {
  const text = list === '-' ? await readAll(stdin) : await readList(path.resolve(cwd, list));
  const names = text.includes('\0') ? text.split('\0') : text.split(/\r?\n/);
  return [...new Set(names.filter((name) => name !== ''))];
}

async function readList(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = messageOf(cause);
    throw new RunnerError('FILE_MISSING', `The list of files ${file} cannot be read: ${reason}.`, { cause });
  }
}

async function readAll(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
