import type { OpenChannelProcess } from '../../adapters/process/channel-process.js';
import type { ProcessLimits } from '../../adapters/process/process.js';
import { DEFAULTS } from '../../core/defaults.js';
import type { SuiteFolder } from '../framework.js';
import { Session, type StartSession } from './session.js';

/** A run of a suite on this worker, and how to start a session for it. */
export type SessionsOf = { readonly folder: SuiteFolder; readonly runId: string; readonly start: StartSession };

type PoolOptions = {
  /** Owned by this worker; holds one folder per session. */
  readonly workFolder: string;
  /** Outlives sessions and may be shared between workers. */
  readonly cacheFolder: string;
  /** Maximum number of idle sessions: the worker's slots, so that sessions of an old run make way for a new one. */
  readonly most: number;
};

/** The sessions of a worker. The pool holds those that wait for a file; the others belong to whoever took them. */
export class SessionPool {
  readonly #open: OpenChannelProcess;
  readonly #options: PoolOptions;
  /** Least recently used first. */
  readonly #waiting = new Map<Session, { readonly runKey: string; readonly stopWaiting: () => void }>();

  constructor(open: OpenChannelProcess, options: PoolOptions) {
    this.#open = open;
    this.#options = options;
  }

  /**
   * Takes or starts a session for a file. It belongs to the same run, since code that it has loaded may change between runs; unless
   * `mayRepeat`, it has not run the file before.
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

  /** Takes a session back. One that is running ahead is ended when `wanted` aborts. */
  async giveBack(run: SessionsOf, session: Session, wanted?: AbortSignal): Promise<void> {
    if (session.isAhead && wanted?.aborted === false) return this.#keep(run, session, wanted);
    if (session.isIdle && !session.isWorn) this.#keep(run, session);
    else await session.end();
    while (this.#waiting.size > this.#options.most) {
      const [oldest] = this.#waiting.keys();
      if (oldest) await this.#end(oldest);
    }
  }

  /** Starts sessions for a run, up to the worker's slots, before its first file arrives. Start failures surface with that file. */
  async open(run: SessionsOf): Promise<void> {
    const missing = this.#options.most - this.#waitingFor(run).length;
    await Promise.allSettled(Array.from({ length: missing }, async () => this.giveBack(run, await this.#start(run))));
  }

  /** Lists the test files with a waiting session; null if none can. */
  async list(run: SessionsOf, limits: ProcessLimits): Promise<readonly string[] | null> {
    const session = this.#waitingFor(run).find(({ isIdle }) => isIdle);
    if (session === undefined) return null;
    this.#remove(session);
    const files = await session.list(limits);
    await this.giveBack(run, session);
    return files;
  }

  /** Ends all waiting sessions. */
  async close(): Promise<void> {
    await Promise.all([...this.#waiting.keys()].map((session) => this.#end(session)));
  }

  #start({ folder, start }: SessionsOf): Promise<Session> {
    return Session.start(this.#open, folder, start, this.#options);
  }

  #waitingFor(run: SessionsOf): Session[] {
    const runKey = runKeyOf(run);
    return [...this.#waiting].flatMap(([session, wait]) => (wait.runKey === runKey ? [session] : []));
  }

  #keep(run: SessionsOf, session: Session, wanted?: AbortSignal): void {
    const end = () => void this.#end(session);
    const idleTimer = setTimeout(end, DEFAULTS.sessionIdleMs).unref();
    wanted?.addEventListener('abort', end, { once: true });
    const stopWaiting = () => {
      clearTimeout(idleTimer);
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
