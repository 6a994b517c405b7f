import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Semaphore } from 'async-mutex';

const READS = 16;

/** Bytes of each file, by path; what is no file (a package of go) has none. */
export const sizesOf = (cwd: string, paths: readonly string[]): Promise<Readonly<Record<string, number>>> =>
  ofEach(paths, async (file) => {
    const found = await stat(path.join(cwd, file));
    return found.isFile() ? found.size : null;
  });

/** What tells one content of a file from another, by path; what is no file (a package of go) has none. */
export const digestsOf = (cwd: string, paths: readonly string[]): Promise<Readonly<Record<string, string>>> =>
  ofEach(paths, async (file) => {
    const content = await readFile(path.join(cwd, file));
    return createHash('sha256').update(content).digest('hex').slice(0, 16);
  });

/** What is found out of each path, where it can be. */
async function ofEach<T>(
  paths: readonly string[],
  ask: (path: string) => Promise<T | null>,
): Promise<Readonly<Record<string, T>>> {
  const reads = new Semaphore(READS);
  const read = async (file: string) => [file, await ask(file).catch(() => null)] as const;
  const found = await Promise.all(paths.map((file) => reads.runExclusive(() => read(file))));
  return Object.fromEntries(found.flatMap(([file, value]) => (value === null ? [] : [[file, value] as const])));
}
