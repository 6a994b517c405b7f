import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessLimits } from '../../adapters/process/process.js';
import type { Hear, OpenSession, Served, Session } from '../../adapters/process/session.js';
import { DEFAULTS } from '../../core/defaults.js';
import type { SessionInvocation, SuiteFolder } from '../framework.js';
import { readCapped } from '../output.js';

/** A session that serves one run, and what it has run so far, oldest first. */
export type WarmProcess = {
  readonly files: string[];
  /** Files that it runs by itself after this one, and answers for. */
  ahead: readonly string[];
  serve<T>(order: string | null, limits: ProcessLimits, hear: Hear<T>): Promise<Served<T>>;
  /** What it wrote for a file, up to a place in its output, in bytes. What it wrote before that file is nobody's, stands before it, and is said to be so. */
  readOutput(upTo?: number): string;
};

type Kept = WarmProcess & {
  readonly key: string;
  readonly session: Session;
  readonly folder: string;
  patience?: NodeJS.Timeout;
  noLongerIdle?: () => void;
};

type Asked<T> = { readonly order: string; readonly limits: ProcessLimits; readonly hear: Hear<T> };

/** Folders of a worker, that of its caches its own or shared, and how many idle processes it keeps. */
type Room = { readonly workFolder: string; readonly cacheFolder: string; readonly most: number };

/**
 * The processes of a worker that run file after file. One that is idle is kept for the next file of its run, as long as it is clean: at most
 * as many are kept as the worker has slots, so that an old run gives way to a new one.
 */
export class Sessions {
  readonly #open: OpenSession;
  readonly #workFolder: string;
  readonly #cacheFolder: string;
  readonly #most: number;
  /** Least recently used first. */
  #idle: Kept[] = [];

  constructor(open: OpenSession, { workFolder, cacheFolder, most }: Room) {
    this.#open = open;
    this.#workFolder = workFolder;
    this.#cacheFolder = cacheFolder;
    this.#most = most;
  }

  /**
   * A process for a file, of the same run: between two runs somebody may have changed what it has loaded. Unless it `mayRepeat`, one that has not run the
   * file yet.
   */
  async take(
    folder: SuiteFolder,
    { file, runId, mayRepeat }: { readonly file: string; readonly runId: string; readonly mayRepeat: boolean },
    start: Start,
  ): Promise<Kept> {
    const key = keyOf(folder, runId);
    const fits = this.#idle.filter((one) => one.key === key && one.session.isUp);
    const found =
      fits.find(({ ahead }) => ahead[0] === file) ??
      fits.findLast(({ ahead, files }) => ahead.length === 0 && (mayRepeat || !files.includes(file)));
    if (found) {
      this.#noLongerIdle(found);
      found.files.push(file);
      return found;
    }
    const fresh = await this.#start(folder, key, start);
    fresh.files.push(file);
    return fresh;
  }

  /** Starts as many processes for a run as this worker has slots, before a file of it comes. Those that cannot be started are so when one does. */
  async openAhead(folder: SuiteFolder, runId: string, start: Start): Promise<void> {
    const key = keyOf(folder, runId);
    const missing = this.#most - this.#idle.filter((one) => one.key === key).length;
    await Promise.allSettled(
      Array.from({ length: missing }, async () => this.giveBack(await this.#start(folder, key, start), true, undefined)),
    );
  }

  /** Has one of the processes that were started ahead answer an order that is about no file; null where none does. */
  async ask<T>(folder: SuiteFolder, runId: string, { order, limits, hear }: Asked<T>): Promise<T | null> {
    const key = keyOf(folder, runId);
    const one = this.#idle.find(({ key: own, session }) => own === key && session.isUp);
    if (one === undefined) return null;
    this.#noLongerIdle(one);
    const served = await one.serve(order, limits, hear);
    const isAnswered = served.kind === 'answered';
    await this.giveBack(one, isAnswered, undefined);
    return isAnswered ? served.told : null;
  }

  async #start(folder: SuiteFolder, key: string, start: Start): Promise<Kept> {
    const scratch = await mkdtemp(path.join(this.#workFolder, 'session-'));
    const { argv, env } = await start(scratch, this.#cacheFolder);
    const output = path.join(scratch, 'output.log');
    const session = await this.#open({ argv, cwd: folder.cwd, env: { ...folder.env, ...env }, stdoutPath: output });
    /** Where the output of the last file ends, and that of this one begins. */
    let [end, begin] = [0, 0];
    const textOf = (from: number, to: number) => (from >= to ? '' : readCapped(output, DEFAULTS.outputBytes, { from, to }));
    return {
      key,
      session,
      folder: scratch,
      files: [],
      ahead: [],
      serve(order, limits, hear) {
        if (order !== null) begin = sizeOf(output);
        return session.serve(order, limits, hear);
      },
      readOutput(upTo) {
        const [nobodys, until] = [textOf(end, begin), upTo ?? sizeOf(output)];
        const own = textOf(begin, until);
        end = until;
        begin = until;
        return nobodys === ''
          ? own
          : `[holdfast: its process wrote this before the file began]\n${nobodys}\n[holdfast: and this since]\n${own}`;
      },
    };
  }

  /** Takes a process back: kept where another file may have it. One that goes on by itself ends when nobody wants what it does. */
  async giveBack(process: Kept, isClean: boolean, wanted: AbortSignal | undefined): Promise<void> {
    const { session, files, ahead } = process;
    if (ahead.length > 0 && isClean && session.isUp && wanted?.aborted === false) {
      this.#keep(process);
      const drop = () => this.#forget(process);
      wanted.addEventListener('abort', drop, { once: true });
      process.noLongerIdle = () => wanted.removeEventListener('abort', drop);
      return;
    }
    const isYoung = ahead.length === 0 && files.length < DEFAULTS.filesOfSession && session.memory < DEFAULTS.memoryOfSession;
    if (isClean && isYoung && session.isUp) this.#keep(process);
    else await end(process);
    while (this.#idle.length > this.#most) {
      const [oldest] = this.#idle.splice(0, 1);
      if (oldest) await end(oldest);
    }
  }

  #keep(process: Kept): void {
    this.#idle.push(process);
    process.patience = setTimeout(() => this.#forget(process), DEFAULTS.sessionIdleMs).unref();
  }

  #noLongerIdle(process: Kept): void {
    this.#idle = this.#idle.filter((one) => one !== process);
    clearTimeout(process.patience);
    process.noLongerIdle?.();
  }

  #forget(process: Kept): void {
    if (!this.#idle.includes(process)) return;
    this.#idle = this.#idle.filter((one) => one !== process);
    void end(process);
  }
}

/** `scratch` is an empty folder of the process, `cache` one that outlives it. */
type Start = (scratch: string, cache: string) => Promise<SessionInvocation>;

const keyOf = ({ cwd, spec, env }: SuiteFolder, runId: string) => JSON.stringify([runId, cwd, spec, env]);

async function end({ session, folder, patience }: Kept): Promise<void> {
  clearTimeout(patience);
  await session.close();
  await rm(folder, { recursive: true, force: true });
}

/** At once: a hop to another thread takes longer than the call. */
const sizeOf = (file: string) => statSync(file).size;
