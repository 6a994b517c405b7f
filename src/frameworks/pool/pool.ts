import type { OpenChannelProcess } from '../../adapters/process/channel-process.js';
import type { ProcessLimits } from '../../adapters/process/process.js';
import { DEFAULTS } from '../../core/defaults.js';
import type { SuiteFolder } from '../framework.js';
import { Session, type StartSession } from './session.js';

/** A run of a suite on this worker, and how a session of it is started. */
export type SessionsOf = { readonly folder: SuiteFolder; readonly runId: string; readonly start: StartSession };

type PoolOptions = {
  /** This worker's own: each session has a folder in it. */
  readonly workFolder: string;
  /** Outlives sessions, and may be shared by workers. */
  readonly cacheFolder: string;
  /** How many sessions may wait for a file: as many as the worker has slots, so that an old run gives way to a new one. */
  readonly most: number;
};

/** The sessions of a worker. Those that wait for a file are kept here; the others are with who took them. */
export class SessionPool {
  readonly #open: OpenChannelProcess;
  readonly #options: PoolOptions;
  /** Least recently used first, each with what ends its wait. */
  readonly #waiting = new Map<Session, { readonly runKey: string; readonly stopWaiting: () => void }>();

  constructor(open: OpenChannelProcess, options: PoolOptions) {
    this.#open = open;
    this.#options = options;
  }

  /**
   * A session for a file: of the same run, as between two runs somebody may have changed what it has loaded; and, unless it
   * `mayRepeat`, one that has not run the file yet.
   */
  async take(run: SessionsOf, { file, mayRepeat }: { readonly file: string; readonly mayRepeat: boolean }): Promise<Session> {
    const waiting = this.#waitingFor(run);
    const fitting =
      waiting.find((session) => session.isAheadWith(file)) ??
      waiting.findLast((session) => session.isIdle && (mayRepeat || !session.hasBegun(file)));
    if (fitting === undefined) return this.#start(run);
    this.#remove(fitting);
    return fitting;
  }

  /** Takes a session back. One that is ahead is ended when nobody wants what it does any more. */
  async giveBack(run: SessionsOf, session: Session, wanted?: AbortSignal): Promise<void> {
    if (session.isAhead && wanted?.aborted === false) return this.#keep(run, session, wanted);
    if (session.isIdle && !session.isWorn) this.#keep(run, session);
    else await session.end();
    while (this.#waiting.size > this.#options.most) {
      const [oldest] = this.#waiting.keys();
      if (oldest) await this.#end(oldest);
    }
  }

  /**
   * Starts as many sessions of a run as this worker has slots, before a file of it comes. What cannot be started is told of when
   * one does.
   */
  async open(run: SessionsOf): Promise<void> {
    const missing = this.#options.most - this.#waitingFor(run).length;
    await Promise.allSettled(Array.from({ length: missing }, async () => this.giveBack(run, await this.#start(run))));
  }

  /** Has a waiting session list the test files; null where none can. */
  async list(run: SessionsOf, limits: ProcessLimits): Promise<readonly string[] | null> {
    const session = this.#waitingFor(run).find(({ isIdle }) => isIdle);
    if (session === undefined) return null;
    this.#remove(session);
    const files = await session.list(limits);
    await this.giveBack(run, session);
    return files;
  }

  #start({ folder, start }: SessionsOf): Promise<Session> {
    return Session.start(this.#open, folder, start, this.#options);
  }

  #waitingFor(run: SessionsOf): Session[] {
    const runKey = runKeyOf(run);
    return [...this.#waiting].flatMap(([session, one]) => (one.runKey === runKey ? [session] : []));
  }

  #keep(run: SessionsOf, session: Session, wanted?: AbortSignal): void {
    const end = () => void this.#end(session);
    const patience = setTimeout(end, DEFAULTS.sessionIdleMs).unref();
    wanted?.addEventListener('abort', end, { once: true });
    const stopWaiting = () => {
      clearTimeout(patience);
      wanted?.removeEventListener('abort', end);
    };
    this.#waiting.set(session, { runKey: runKeyOf(run), stopWaiting });
  }

  #remove(session: Session): void {
    this.#waiting.get(session)?.stopWaiting();
    this.#waiting.delete(session);
  }

  async #end(session: Session): Promise<void> {
    this.#remove(session);
    await session.end();
  }
}

const runKeyOf = ({ folder: { cwd, spec, env }, runId }: SessionsOf) => JSON.stringify([runId, cwd, spec, env]);
