import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { endAtLimits } from './group.js';
import type { Guard } from './guard.js';
import { killGroup } from './kill-group.js';
import { killMarked } from './marked.js';
import type { ProcessEnd, ProcessLimits, ProcessSpec } from './process.js';
import { cpuMsOf, residentBytesOf } from './process-table.js';
import { endOf, spawnGroup } from './spawn-group.js';

/** The process's file descriptor 3, which carries lines in both directions. */
const CHANNEL = 3;

type ChannelSpec = Omit<ProcessSpec, 'stderrPath'>;
export type OpenChannelProcess = (spec: ChannelSpec) => Promise<ChannelProcess>;

/** The received value, or how the process ended instead. */
export type Received<T> =
  | (Pick<ProcessEnd, 'startedAtMs' | 'durationMs' | 'cpuMs'> & { readonly kind: 'received'; readonly value: T })
  | ProcessEnd;

/** Creates a function that starts processes with a channel. If one cannot be started, its first exchange says so. */
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

/** A process with a channel. From an exchange until `rest` it is bound to a lease; at rest, only to the life of this worker. */
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
    this.#channel = child.stdio[CHANNEL] as Duplex | undefined; // A duplex pipe; execa's types know only one direction.
    this.#channel?.on('error', () => undefined); // A broken pipe shows as the end of the process.
    this.#lines = new Lines(this.#channel);
    this.#ended = child.then((result) => {
      this.#isUp = false;
      if (group !== undefined) killGroup(group, 'SIGKILL'); // Kill leftovers now: the group id may be reused later.
      return endOf(result, spec);
    });
    this.rest();
  }

  /** False once the process has ended. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Resident memory; 0 if unknown. */
  get memoryBytes(): number {
    return this.#group === undefined ? 0 : residentBytesOf(this.#group);
  }

  /**
   * Sends a line, unless it is null, and waits for the first line for which `read` returns a value. At its limits the process is
   * stopped like any other. Lines that arrived before the request are dropped; those after the response are kept for the next
   * exchange.
   */
  async exchange<T>(line: string | null, read: (line: string) => T | null, limits: ProcessLimits): Promise<Received<T>> {
    const timing = this.#startClock();
    const group = this.#group;
    if (limits.lease.signal.aborted) return { ...timing(), kind: 'aborted' };
    if (group === undefined) return { ...timing(), ...(await this.#ended) };
    this.#guard.add(group, { mark: this.#mark, lease: limits.lease });
    const ending = endAtLimits(group, limits);
    try {
      if (line !== null) this.#lines.drop();
      const response = this.#lines.first(read);
      if (line !== null) this.#channel?.write(`${line}\n`);
      const first = await Promise.race([response, this.#ended, ending.givenUp]);
      const end = timing();
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

  /** Releases the process from its lease after its work is done. */
  rest(): void {
    if (this.#group !== undefined && this.#isUp) this.#guard.add(this.#group);
  }

  /** Kills the process and everything it has started. With `graceMs`, it has that long to end by itself, once its channel is closed. */
  async close(graceMs = 0): Promise<void> {
    if (this.#group === undefined) return;
    if (this.#isUp && graceMs > 0) {
      this.#channel?.end();
      await Promise.race([this.#ended, delay(graceMs, undefined, { ref: false })]);
    }
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

/** Buffers the lines of a stream until they are read. */
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
        .on('error', () => undefined); // readline re-emits errors of its input, such as a process that exits with a request unread.
  }

  drop(): void {
    this.#unread = [];
  }

  /** Resolves with the first value that `read` returns for a line. */
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
