import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';

/**
 * Raw coverage is the files that the processes of one attempt write about it, in a form that only their framework knows. Packed, they
 * are a line with their names and sizes, and their contents; compressed, since they say the same in many words.
 */
export const RAW_COVERAGE = 'coverage';

const FASTEST = { level: constants.Z_BEST_SPEED };
const LINE_END = 0x0a;

/** The files of a folder as one value; null if it has none. */
export async function packFolder(folder: string): Promise<Buffer | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  if (names.length === 0) return null;
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name))));
  const header = JSON.stringify(contents.map(({ length }, index) => [names[index], length]));
  return promisify(gzip)(Buffer.concat([Buffer.from(`${header}\n`), ...contents]), FASTEST);
}

/** The inverse of `packFolder`: writes the files into a new folder. */
export async function unpackInto(folder: string, packed: Uint8Array): Promise<void> {
  const bytes = await promisify(gunzip)(packed);
  const end = bytes.indexOf(LINE_END);
  const sizes = JSON.parse(bytes.subarray(0, end).toString('utf8')) as [name: string, size: number][]; // Written by `packFolder`.
  await mkdir(folder, { recursive: true });
  let at = end + 1;
  for (const [name, size] of sizes) {
    await writeFile(join(folder, basename(name)), bytes.subarray(at, at + size));
    at += size;
  }
}
