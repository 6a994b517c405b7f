import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Semaphore } from 'async-mutex';

const READS = 16;

/** Size in bytes of each file, by path. Paths that are not files (Go packages) are left out. */
export const sizesOf = (cwd: string, paths: readonly string[]): Promise<Readonly<Record<string, number>>> =>
  ofEach(paths, async (file) => {
    const found = await stat(path.join(cwd, file));
    return found.isFile() ? found.size : null;
  });

/** Content hash of each file, by path. Paths that are not files (Go packages) are left out. */
export const digestsOf = (cwd: string, paths: readonly string[]): Promise<Readonly<Record<string, string>>> =>
  ofEach(paths, async (file) => {
    const content = await readFile(path.join(cwd, file));
    return createHash('sha256').update(content).digest('hex').slice(0, 16);
  });

/** Maps each path through `measure`, leaving out those that yield null or fail. */
async function ofEach<T>(
  paths: readonly string[],
  measure: (path: string) => Promise<T | null>,
): Promise<Readonly<Record<string, T>>> {
  const reads = new Semaphore(READS);
  const read = async (file: string) => [file, await measure(file).catch(() => null)] as const;
  const found = await Promise.all(paths.map((file) => reads.runExclusive(() => read(file))));
  return Object.fromEntries(found.flatMap(([file, value]) => (value === null ? [] : [[file, value] as const])));
}
