import { statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULTS } from '../../core/defaults.js';
import type { ProcessLimits } from '../process/process.js';
import type { OpenSession, Served, Session } from '../process/session.js';
import type { SessionInvocation, SuiteFolder } from './framework.js';
import { readCapped } from './output.js';

/** A session that serves one run, and what it has run so far, oldest first. */
export type WarmProcess = {
  readonly files: string[];
  /** Told with what the process wrote meanwhile. */
  serve(order: string, limits: ProcessLimits): Promise<Served & { readonly output: string }>;
};

type Kept = WarmProcess & { readonly key: string; readonly session: Session; readonly folder: string; patience?: NodeJS.Timeout };

/**
 * The processes of a worker that run file after file. One that is idle is kept for the next file of its run, as long as it is clean: at most
 * as many are kept as the worker has slots, so that an old run gives way to a new one.
 */
export class Sessions {
  readonly #open: OpenSession;
  readonly #workFolder: string;
  readonly #most: number;
  /** Least recently used first. */
  #idle: Kept[] = [];
  #count = 0;

  constructor(open: OpenSession, workFolder: string, most: number) {
    this.#open = open;
    this.#workFolder = workFolder;
    this.#most = most;
  }

  /**
   * A process for a file, of the same run: between two runs somebody may have changed what it has loaded. Unless it `mayRepeat`, one that has not run the
   * file yet.
   */
  async take(
    folder: SuiteFolder,
    { file, runId, mayRepeat }: { readonly file: string; readonly runId: string; readonly mayRepeat: boolean },
    start: () => Promise<SessionInvocation>,
  ): Promise<Kept> {
    const key = JSON.stringify([runId, folder.cwd, folder.spec, folder.env]);
    const found = this.#idle.findLast((one) => one.key === key && one.session.isUp && (mayRepeat || !one.files.includes(file)));
    if (found) {
      this.#idle = this.#idle.filter((one) => one !== found);
      clearTimeout(found.patience);
      found.files.push(file);
      return found;
    }
    const { argv, env } = await start();
    this.#count += 1;
    const scratch = path.join(this.#workFolder, `session-${this.#count}`);
    await mkdir(scratch, { recursive: true });
    const output = path.join(scratch, 'output.log');
    const session = await this.#open({ argv, cwd: folder.cwd, env: { ...folder.env, ...env }, stdoutPath: output });
    return {
      key,
      session,
      folder: scratch,
      files: [file],
      async serve(order, limits) {
        const from = sizeOf(output);
        const served = await session.serve(order, limits);
        const to = sizeOf(output);
        return { ...served, output: to === from ? '' : await readCapped(output, DEFAULTS.outputBytes, { from, to }) };
      },
    };
  }

  /** Takes a process back: kept where another file may have it. */
  async giveBack(process: Kept, isClean: boolean): Promise<void> {
    const { session, files } = process;
    const isYoung = files.length < DEFAULTS.filesOfSession && session.memory < DEFAULTS.memoryOfSession;
    if (isClean && isYoung && session.isUp) this.#keep(process);
    else await end(process);
    while (this.#idle.length > this.#most) {
      const [oldest] = this.#idle.splice(0, 1);
      if (oldest) await end(oldest);
    }
  }

  #keep(process: Kept): void {
    this.#idle.push(process);
    const forget = () => {
      this.#idle = this.#idle.filter((one) => one !== process);
      void end(process);
    };
    process.patience = setTimeout(forget, DEFAULTS.sessionIdleMs).unref();
  }
}

async function end({ session, folder, patience }: Kept): Promise<void> {
  clearTimeout(patience);
  await session.close();
  await rm(folder, { recursive: true, force: true });
}

/** At once: a hop to another thread takes longer than the call. */
const sizeOf = (file: string) => statSync(file).size;
