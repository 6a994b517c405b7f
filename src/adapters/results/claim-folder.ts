import { randomUUID } from 'node:crypto';
import { readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import { identityOf, isAlive, pidOf } from '../process/process-table.js';

const RETRY_MS = 50;

/**
 * Makes this process the only owner of a folder until the returned function is called or the process ends, however it ends.
 * Throws STACK_BUSY when another owner lives and keeps it for longer than a look takes. The claim is a symbolic link: made in one
 * step, with its owner as the target.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const claim = join(folder, 'owner');
  const self = await identityOf(process.pid);
  const endMs = performance.now() + DEFAULTS.folderPatienceMs;
  for (;;) {
    if (await succeeds(symlink(self, claim), 'EEXIST')) return () => rm(claim, { force: true });
    const owner = await readlink(claim).catch(() => null);
    if (owner === null) continue; // Given up in this moment.
    if (!(await isAlive(owner))) await removeClaim(claim, owner);
    else if (performance.now() > endMs) throw new RunnerError('STACK_BUSY', `${folder} is in use by process ${pidOf(owner)}.`);
    else await delay(RETRY_MS);
  }
}

/** Two may find the same dead owner. Whoever is second finds a living one under the name, and puts it back. */
async function removeClaim(claim: string, owner: string): Promise<void> {
  const aside = `${claim}-${randomUUID()}`;
  if (!(await succeeds(rename(claim, aside), 'ENOENT'))) return;
  if ((await readlink(aside)) === owner) await rm(aside);
  else await rename(aside, claim);
}

/** True when it did, false when it failed with this code; throws otherwise. */
async function succeeds(attempt: Promise<void>, code: string): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (hasCode(error, code)) return false;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
