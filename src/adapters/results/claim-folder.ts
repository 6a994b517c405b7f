import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import { holdFolder } from '../local-socket.js';

const RETRY_MS = 50;

/**
 * Makes this process the only owner of a folder until it calls the returned function or dies. Throws STACK_BUSY if another live
 * owner keeps the folder longer than a short read takes. The file `owner` only tells people which process that is.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const note = join(folder, 'owner');
  const endMs = performance.now() + DEFAULTS.folderPatienceMs;
  for (;;) {
    const claim = await holdFolder(folder, (socket) => socket.destroy());
    if (claim !== null) {
      claim.server.unref();
      await writeFile(note, String(process.pid)).catch(() => undefined); // A full disk does not make the claim invalid.
      return async () => {
        await rm(note, { force: true });
        await claim.release();
      };
    }
    if (performance.now() > endMs) {
      const owner = await readFile(note, 'utf8').catch(() => '');
      throw new RunnerError('STACK_BUSY', `${folder} is in use by process ${owner || '(unknown)'}.`);
    }
    await delay(RETRY_MS);
  }
}
