import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { makeStateFolder } from '../adapters/state-folder.js';

const Schema = z.object({
  runs: z.array(z.object({ suite: z.string(), runId: z.string() })).min(1),
  /** Hash of the request, so that the same command can resume runs that a crash interrupted. */
  fingerprint: z.string(),
  /** Pid of the watching process; null once it has left on purpose or the runs have ended. */
  watcher: z.number().nullable(),
});

/** The runs last started in this project. */
export type LastRun = Readonly<z.infer<typeof Schema>>;

type Folder = { readonly stateFolder: string };

/** Reads the last runs of this project; null if there are none. */
export async function readLastRun({ stateFolder }: Folder): Promise<LastRun | null> {
  const text = await readFile(fileIn(stateFolder), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return Schema.parse(JSON.parse(text));
  } catch {
    return null; // Written by another version.
  }
}

export async function writeLastRun({ stateFolder }: Folder, lastRun: LastRun): Promise<void> {
  await makeStateFolder(stateFolder);
  const partial = `${fileIn(stateFolder)}.${randomUUID()}`; // Several runs of one process may write at once.
  await writeFile(partial, `${JSON.stringify(lastRun)}\n`);
  await rename(partial, fileIn(stateFolder));
}

/** Whether these runs were interrupted: their watcher is gone without having left on purpose. */
export function wasInterrupted(lastRun: LastRun): boolean {
  return lastRun.watcher !== null && !isWatched(lastRun);
}

/** Whether the command that started these runs is still there. */
export function isWatched({ watcher }: LastRun): boolean {
  if (watcher === null) return false;
  try {
    process.kill(watcher, 0);
    return true;
  } catch {
    return false;
  }
}

function fileIn(stateFolder: string): string {
  return path.join(stateFolder, 'last-run.json');
}
