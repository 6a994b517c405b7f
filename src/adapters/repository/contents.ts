import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';

const READS = 16;

/** What tells one content of a file from another, by path; what is no file (a package of go) has none. */
export async function digestsOf(cwd: string, paths: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const atOnce = pLimit(READS);
  const digests = await Promise.all(
    paths.map((file) =>
      atOnce(async () => {
        const content = await readFile(path.join(cwd, file)).catch(() => null);
        return content === null ? [] : [[file, createHash('sha256').update(content).digest('hex').slice(0, 16)] as const];
      }),
    ),
  );
  return Object.fromEntries(digests.flat());
}
