import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { DEFAULTS } from '../../core/defaults.js';
import type { SuiteFolder } from '../framework.js';
import { isText, type MeasuredAt, type Move, measuredAt, movesTo, withMoves } from './moved-paths.js';

/**
 * Raw coverage is the files that the processes of one attempt write about it, in a form that only their framework knows. Packed, they
 * are a line with their names and sizes, and their contents; compressed, since they say the same in many words.
 */
export const RAW_COVERAGE = 'coverage';

/** The first line of packed coverage. */
type Header = {
  readonly at: MeasuredAt;
  readonly files: readonly (readonly [name: string, sizeBytes: number])[];
  /** There was more than may travel, so nothing does. */
  readonly tooLargeBytes?: number;
};

const FASTEST = { level: constants.Z_BEST_SPEED };
const LINE_END = 0x0a;

/** The files of a folder, measured in this suite, as one value; null if there are none. One that is too large says so when unpacked. */
export async function packFolder(folder: string, suite: SuiteFolder): Promise<Buffer | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  if (names.length === 0) return null;
  const at = await measuredAt(suite);
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name))));
  const sizeBytes = sizes.reduce((sum, { size }) => sum + size, 0);
  if (sizeBytes > DEFAULTS.rawCoverageBytes) return packed({ at, files: [], tooLargeBytes: sizeBytes }, []);
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return packed({ at, files: contents.map(({ length }, index) => [names[index] ?? '', length]) }, contents);
}

function packed(header: Header, contents: readonly Buffer[]): Promise<Buffer> {
  return promisify(gzip)(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...contents]), FASTEST);
}

/**
 * The inverse of `packFolder`: writes the files into a new folder, as if they had been measured `here`. Returns whether they were measured
 * elsewhere. Throws an error that says so if there were too many bytes to pack.
 */
export async function unpackInto(folder: string, value: Uint8Array, here: MeasuredAt): Promise<boolean> {
  const bytes = await promisify(gunzip)(value);
  const end = bytes.indexOf(LINE_END);
  const { at, files, tooLargeBytes }: Header = JSON.parse(bytes.subarray(0, end).toString('utf8')); // Written by `packFolder`.
  if (tooLargeBytes !== undefined) throw new Error(tooLarge(tooLargeBytes));
  const moves = movesTo(here, at);
  await mkdir(folder, { recursive: true });
  let start = end + 1;
  for (const [name, sizeBytes] of files) {
    await writeMoved(join(folder, basename(name)), bytes.subarray(start, start + sizeBytes), moves);
    start += sizeBytes;
  }
  return moves.length > 0;
}

/** What is not text, its framework moves itself: it finds the moves beside it. */
async function writeMoved(path: string, content: Buffer, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return writeFile(path, content);
  if (isText(content)) return writeFile(path, withMoves(content.toString('utf8'), moves));
  await writeFile(path, content);
  await writeFile(`${path}.moves.json`, JSON.stringify(moves));
}

const MIB = 1024 ** 2;
const tooLarge = (sizeBytes: number) =>
  `an attempt measured ${Math.ceil(sizeBytes / MIB)} MiB of raw coverage, and at most ${DEFAULTS.rawCoverageBytes / MIB} MiB travel`;
