import { randomUUID } from 'node:crypto';
import { readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULTS } from '../../core/defaults.js';
import { hasCode, RunnerError } from '../../core/errors.js';
import { identityOf, isAlive, pidOf } from '../process/process-table.js';

const RETRY_MS = 50;

/**
 * Makes this process the only owner of a folder until it calls the returned function or dies. Throws STACK_BUSY if another live
 * owner keeps the folder longer than a short read takes. The claim is a symbolic link with the owner as its target, so it is
 * created atomically.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const claim = join(folder, 'owner');
  const self = await identityOf(process.pid);
  const endMs = performance.now() + DEFAULTS.folderPatienceMs;
  for (;;) {
    if (await succeeds(symlink(self, claim), 'EEXIST')) return () => rm(claim, { force: true });
    const owner = await readlink(claim).catch(() => null);
    if (owner === null) continue; // Just released.
    if (!(await isAlive(owner))) await removeClaim(claim, owner);
    else if (performance.now() > endMs) throw new RunnerError('STACK_BUSY', `${folder} is in use by process ${pidOf(owner)}.`);
    else await delay(RETRY_MS);
  }
}

/** Removes a dead owner's claim. Two processes may race to do this: the second one gets hold of a live claim and puts it back. */
async function removeClaim(claim: string, owner: string): Promise<void> {
  const aside = `${claim}-${randomUUID()}`;
  if (!(await succeeds(rename(claim, aside), 'ENOENT'))) return;
  if ((await readlink(aside)) === owner) await rm(aside);
  else await rename(aside, claim);
}

/** True on success, false on a failure with this code; throws any other error. */
async function succeeds(attempt: Promise<void>, code: string): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (hasCode(error, code)) return false;
    throw error;
  }
}
