import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import { endAtLimits } from './group.js';
import type { Guard } from './guard.js';
import { killGroup } from './kill-group.js';
import { killMarked } from './marked.js';
import type { ProcessEnd, ProcessLimits, ProcessSpec } from './process.js';
import { cpuMsOf, residentBytesOf } from './process-table.js';
import { endOf, spawnGroup } from './spawn-group.js';

/** Descriptor 3 of the process: lines, both ways. */
const CHANNEL = 3;

type ChannelSpec = Omit<ProcessSpec, 'stderrPath'>;
export type OpenChannelProcess = (spec: ChannelSpec) => Promise<ChannelProcess>;

/** What was received, or how the process ended instead. */
export type Received<T> =
  | (Pick<ProcessEnd, 'startedAtMs' | 'durationMs' | 'cpuMs'> & { readonly kind: 'received'; readonly value: T })
  | ProcessEnd;

/** Opens processes that have a channel. One that cannot be started is told of by the first exchange. */
export function createOpenChannelProcess(guard: Guard): OpenChannelProcess {
  return async (spec) => {
    const output = await open(spec.stdoutPath, 'a');
    try {
      return new ChannelProcess(spec, guard, output.fd);
    } finally {
      await output.close();
    }
  };
}

/**
 * A process with a channel. It is under a lease from an exchange until it rests; at rest only the end of this process ends it.
 */
export class ChannelProcess {
  readonly #guard: Guard;
  readonly #mark: string;
  readonly #group: number | undefined;
  readonly #channel: Duplex | undefined;
  readonly #lines: Lines;
  readonly #ended: Promise<ReturnType<typeof endOf>>;
  #isUp: boolean;

  constructor(spec: ChannelSpec, guard: Guard, outputFd: number) {
    const { child, group, mark } = spawnGroup(guard, spec, { stdout: outputFd, stderr: outputFd }, 'pipe');
    this.#guard = guard;
    this.#mark = mark;
    this.#group = group;
    this.#isUp = group !== undefined;
    this.#channel = child.stdio[CHANNEL] as Duplex | undefined; // Both ways: its types know only one.
    this.#channel?.on('error', () => undefined); // That the process has ended is told by its end.
    this.#lines = new Lines(this.#channel);
    this.#ended = child.then((result) => {
      this.#isUp = false;
      if (group !== undefined) killGroup(group, 'SIGKILL'); // What it leaves behind; later its number may be another's.
      return endOf(result, spec);
    });
    this.rest();
  }

  /** False once it has ended. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** 0 where it is not known. */
  get memoryBytes(): number {
    return this.#group === undefined ? 0 : residentBytesOf(this.#group);
  }

  /**
   * Sends a line, if there is one, and waits for an answer: the first line in which `read` finds something. Past its limits the
   * process is ended, as one that does nothing else would be. Lines that came before what is sent are dropped; those behind an
   * answer are kept for the next exchange.
   */
  async exchange<T>(line: string | null, read: (line: string) => T | null, limits: ProcessLimits): Promise<Received<T>> {
    const took = this.#startClock();
    const group = this.#group;
    if (limits.lease.signal.aborted) return { ...took(), kind: 'aborted' };
    if (group === undefined) return { ...took(), ...(await this.#ended) };
    this.#guard.add(group, { mark: this.#mark, lease: limits.lease });
    const ending = endAtLimits(group, limits);
    try {
      if (line !== null) this.#lines.drop();
      const answer = this.#lines.first(read);
      if (line !== null) this.#channel?.write(`${line}\n`);
      const first = await Promise.race([answer, this.#ended, ending.givenUp]);
      const end = took();
      const stopped = ending.stopped();
      if (stopped) {
        await this.close();
        return { ...end, ...stopped };
      }
      if (first === undefined) throw new Error('Given up without having been stopped.');
      if (first.kind === 'received') return { ...end, ...first };
      return (await this.#guard.release(group)) === 'ended' ? { ...end, kind: 'aborted' } : { ...end, ...first };
    } finally {
      ending.close();
      this.#lines.stop();
    }
  }

  /** It works on nothing any more. */
  rest(): void {
    if (this.#group !== undefined && this.#isUp) this.#guard.add(this.#group);
  }

  /** Ends it, with all it has started. */
  async close(): Promise<void> {
    if (this.#group === undefined) return;
    if (this.#isUp) killGroup(this.#group, 'SIGKILL');
    await killMarked(this.#mark);
    await this.#ended;
    void this.#guard.release(this.#group);
  }

  #startClock() {
    const [startedAtMs, start, cpuBefore] = [Date.now(), performance.now(), this.#cpuMs()];
    return () => {
      const cpuNow = this.#cpuMs();
      const cpuMs = cpuBefore === null || cpuNow === null ? null : cpuNow - cpuBefore;
      return { startedAtMs, durationMs: Math.round(performance.now() - start), cpuMs };
    };
  }

  #cpuMs(): number | null {
    return this.#group === undefined ? null : cpuMsOf(this.#group);
  }
}

/** Lines of a stream, kept until somebody reads them. */
class Lines {
  #unread: string[] = [];
  #onLine: () => void = () => undefined;

  constructor(input: Readable | undefined) {
    if (input)
      createInterface({ input })
        .on('line', (line) => {
          this.#unread.push(line);
          this.#onLine();
        })
        .on('error', () => undefined); // It hands on those of its input: one that ends with an order unread.
  }

  drop(): void {
    this.#unread = [];
  }

  /** What `read` finds in the first line in which it finds something. */
  first<T>(read: (line: string) => T | null): Promise<{ readonly kind: 'received'; readonly value: T }> {
    return new Promise((resolve) => {
      this.#onLine = () => {
        for (let line = this.#unread.shift(); line !== undefined; line = this.#unread.shift()) {
          const value = read(line);
          if (value === null) continue;
          this.stop();
          return resolve({ kind: 'received', value });
        }
      };
      this.#onLine();
    });
  }

  stop(): void {
    this.#onLine = () => undefined;
  }
}
