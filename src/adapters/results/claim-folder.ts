import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import { identityOf, isAlive, pidOf } from '../process/process-table.js';

const RETRY_MS = 50;

/**
 * Makes this process the only owner of a folder until it calls the returned function or dies. Throws STACK_BUSY if another live
 * owner keeps the folder longer than a short read takes. The claim is a file with the owner's identity, put in place by a hard link, so
 * that it appears at once and complete. (A symbolic link to no file would do as well, but tools that walk the project stumble over it.)
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const claim = join(folder, 'owner');
  const own = `${claim}-${randomUUID()}`;
  await writeFile(own, await identityOf(process.pid));
  const endMs = performance.now() + DEFAULTS.folderPatienceMs;
  try {
    for (;;) {
      if (await succeeds(link(own, claim), 'EEXIST')) return () => rm(claim, { force: true });
      const owner = await readFile(claim, 'utf8').catch(() => null);
      if (owner === null) continue; // Just released.
      if (!(await isAlive(owner))) await removeClaim(claim, owner);
      else if (performance.now() > endMs) throw new RunnerError('STACK_BUSY', `${folder} is in use by process ${pidOf(owner)}.`);
      else await delay(RETRY_MS);
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Removes a dead owner's claim. Two processes may race to do this: the second one gets hold of a live claim and puts it back. */
async function removeClaim(claim: string, owner: string): Promise<void> {
  const aside = `${claim}-${randomUUID()}`;
  if (!(await succeeds(rename(claim, aside), 'ENOENT'))) return;
  if ((await readFile(aside, 'utf8')) === owner) await rm(aside);
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

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
