import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import { listenAlone, localSocket } from '../local-socket.js';

const RETRY_MS = 50;

/**
 * Makes this process the only owner of a folder until it calls the returned function or dies. Throws STACK_BUSY if another live
 * owner keeps the folder longer than a short read takes. The claim is a local socket: only one process can listen on it, and the
 * kernel releases it however that process ends. The file `owner` only tells people which process that is.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const socketPath = await socketPathOf(folder);
  const note = join(folder, 'owner');
  const endMs = performance.now() + DEFAULTS.folderPatienceMs;
  for (;;) {
    const claim = await listenAlone(socketPath, (socket) => socket.destroy());
    if (claim !== null) {
      claim.unref();
      await writeFile(note, String(process.pid)).catch(() => undefined); // A full disk does not make the claim invalid.
      return async () => {
        await rm(note, { force: true });
        claim.close();
      };
    }
    if (performance.now() > endMs) {
      const owner = await readFile(note, 'utf8').catch(() => '');
      throw new RunnerError('STACK_BUSY', `${folder} is in use by process ${owner || '(unknown)'}.`);
    }
    await delay(RETRY_MS);
  }
}

/** Names the folder itself, so that paths through links and bind mounts name the same socket. */
async function socketPathOf(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  return localSocket(`holdfast-folder-${dev}-${ino}`);
}
