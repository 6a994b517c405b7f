import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ChannelProcess, OpenChannelProcess, Received } from '../../adapters/process/channel-process.js';
import type { ProcessLimits } from '../../adapters/process/process.js';
import { DEFAULTS } from '../../core/defaults.js';
import { RAW_COVERAGE } from '../coverage/raw-coverage.js';
import { type SessionInvocation, type SuiteFolder, wordsWithin } from '../framework.js';
import { type Answer, type Order, parseAnswer, type RunOrder } from './protocol.js';
import { SessionOutput } from './session-output.js';

/** `start → idle ⇄ busy ⇄ ahead`, and from any of these to `ended`. */
type State =
  /** Waiting for an order. */
  | { readonly kind: 'idle' }
  /** Running a file that a caller waits for. */
  | { readonly kind: 'busy' }
  /** Running the rest of its last order, `files[0]` now; no caller waits for it yet. */
  | { readonly kind: 'ahead'; readonly files: readonly string[] }
  | { readonly kind: 'ended' };

/** The result of one file in a session. */
export type Turn = {
  readonly received: Received<Exclude<Answer, { readonly kind: 'listed' }>>;
  /** The file shares its order with other files. */
  readonly isShared: boolean;
  /** First file of a shared order in a session that was already up, so its waiting time is that of the framework call. */
  readonly waitedForCall: boolean;
  /** The session has moved on to the next file. */
  readonly goesOn: boolean;
  /** Files that the session began earlier, oldest first. */
  readonly before: readonly string[];
  readonly output: string;
  /** Folder with the raw coverage of the file; undefined if none was measured. */
  readonly coverage?: string;
};

/** `scratch` is an empty folder owned by the session; `cache` is one that outlives it. */
export type StartSession = (scratch: string, cache: string) => Promise<SessionInvocation>;

/** A framework process that runs files of one run, one after another. */
export class Session {
  readonly #process: ChannelProcess;
  readonly #scratch: string;
  readonly #output: SessionOutput;
  readonly #endGraceMs: number;
  readonly #begun: string[] = [];
  #state: State = { kind: 'idle' };

  private constructor(process: ChannelProcess, scratch: string, output: SessionOutput, endGraceMs: number) {
    this.#process = process;
    this.#scratch = scratch;
    this.#output = output;
    this.#endGraceMs = endGraceMs;
  }

  static async start(
    open: OpenChannelProcess,
    folder: SuiteFolder,
    start: StartSession,
    { workFolder, cacheFolder }: { readonly workFolder: string; readonly cacheFolder: string },
  ): Promise<Session> {
    const scratch = await mkdtemp(path.join(workFolder, 'session-'));
    const invocation = await start(scratch, cacheFolder);
    const stdoutPath = path.join(scratch, 'output.log');
    const { cwd, env } = folder;
    const argv = wordsWithin(folder, invocation.argv);
    const process = await open({ argv, cwd, env: { ...env, ...invocation.env }, stdoutPath });
    return new Session(process, scratch, new SessionOutput(stdoutPath), invocation.endGraceMs ?? 0);
  }

  /** Whether the session is already running this file because of an earlier order. */
  isAheadWith(file: string): boolean {
    return this.#process.isUp && this.#state.kind === 'ahead' && this.#state.files[0] === file;
  }

  get isIdle(): boolean {
    return this.#process.isUp && this.#state.kind === 'idle';
  }

  get isAhead(): boolean {
    return this.#process.isUp && this.#state.kind === 'ahead';
  }

  hasBegun(file: string): boolean {
    return this.#begun.includes(file);
  }

  /** Whether the session has run enough files, or uses enough memory, to be replaced. */
  get isWorn(): boolean {
    return this.#begun.length >= DEFAULTS.filesOfSession || this.#process.memoryBytes >= DEFAULTS.memoryOfSession;
  }

  /**
   * Runs the first file of an order or, without an order, waits for the file it is already running ahead. The file's lease covers the
   * session until it is idle again.
   */
  async run(file: string, order: RunOrder | null, limits: ProcessLimits): Promise<Turn> {
    const before = [...this.#begun];
    const next = order === null ? this.#filesBehind(file) : order.files.slice(1);
    const isShared = order === null || next.length > 0;
    this.#begun.push(file);
    this.#state = { kind: 'busy' };
    if (order !== null) this.#output.begin();
    const received = await this.#process.exchange(order && JSON.stringify(order), answersFor(file), limits);
    const answer = received.kind === 'received' ? received.value : null;
    if (answer === null) this.#state = { kind: 'ended' };
    else if (answer.kind === 'exited' && answer.isLast) this.#rest();
    else if (next.length > 0) this.#state = { kind: 'ahead', files: next };
    else this.#rest();
    const output = this.#output.read(answer?.kind === 'exited' ? answer.outputEnd : undefined);
    const waitedForCall = order !== null && isShared && before.length > 0;
    const coverage = answer?.kind === 'exited' && answer.coverage !== undefined ? this.#coverageIn(answer.coverage) : undefined;
    return { received, isShared, waitedForCall, goesOn: this.isAhead, before, output, ...(coverage && { coverage }) };
  }

  /** The test files, as in the framework's listing; null if the session cannot list them. */
  async list(limits: ProcessLimits): Promise<readonly string[] | null> {
    const order: Order = { kind: 'list' };
    this.#state = { kind: 'busy' };
    const received = await this.#process.exchange(JSON.stringify(order), parseListing, limits);
    if (received.kind === 'received') this.#rest();
    else this.#state = { kind: 'ended' };
    return received.kind === 'received' && received.value.kind === 'listed' ? received.value.files : null;
  }

  async end(): Promise<void> {
    this.#state = { kind: 'ended' };
    await this.#process.close(this.#endGraceMs);
    await rm(this.#scratch, { recursive: true, force: true });
  }

  #coverageIn(name: string): string {
    return path.join(this.#scratch, RAW_COVERAGE, name);
  }

  #filesBehind(file: string): readonly string[] {
    if (this.#state.kind !== 'ahead' || this.#state.files[0] !== file) throw new Error(`No order for ${file}.`);
    return this.#state.files.slice(1);
  }

  #rest(): void {
    this.#state = { kind: 'idle' };
    this.#process.rest();
  }
}

/** Ignores answers about other files. */
const answersFor = (file: string) => (line: string) => {
  const answer = parseAnswer(line);
  if (answer === null || answer.kind === 'listed') return null;
  return answer.kind === 'cannot' || answer.file === file ? answer : null;
};

function parseListing(line: string) {
  const answer = parseAnswer(line);
  return answer?.kind === 'listed' || answer?.kind === 'cannot' ? answer : null;
}
