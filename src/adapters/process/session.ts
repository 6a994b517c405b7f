import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { execa } from 'execa';
import { endAtLimits } from './group.js';
import type { Guard } from './guard.js';
import { killGroup } from './kill-group.js';
import { COOKIE, killMarked } from './marked.js';
import type { ProcessEnd, ProcessLimits, ProcessSpec } from './process.js';
import { reasonOf } from './run-process.js';
import { standBack } from './stand-back.js';

/** A process that does one order after the other. Orders and answers are lines on its descriptor 3; its output goes to files as any other's. */
export interface Session {
  /** False once it has ended. */
  readonly isUp: boolean;
  /** Resident memory in bytes; 0 where it is not known. */
  readonly memory: number;
  /**
   * One order at a time, within limits of its own: past them the process is ended, as one that does nothing else would be. An order may ask for
   * several answers: each further one is waited for with `order` null. Lines in which nothing is heard are passed over.
   */
  serve<T>(order: string | null, limits: ProcessLimits, hear: Hear<T>): Promise<Served<T>>;
  /** Ends it, with all it has started. */
  close(): Promise<void>;
}

/** What a line tells; null where it is no answer. `isLast`: the process works on nothing of the order beyond it. */
export type Hear<T> = (line: string) => { readonly told: T; readonly isLast: boolean } | null;

/** The answer to an order, or how the process ended without one. */
export type Served<T> =
  | (Pick<ProcessEnd, 'startedAtMs' | 'durationMs' | 'cpuMs'> & { readonly kind: 'answered'; readonly told: T })
  | ProcessEnd;

export type OpenSession = (spec: Omit<ProcessSpec, 'stderrPath'>) => Promise<Session>;

/** Descriptor 3 of the process. */
const CHANNEL = 3;
/** Execa takes any descriptor; its types name only those up to 9. */
type Fd = 9;

/** Opens processes that serve. Between orders only the end of this process ends them; while they serve, the lease of the order does, too. */
export function createOpenSession(guard: Guard): OpenSession {
  return async ({ argv: [program, ...args], cwd, env, stdoutPath }) => {
    const mark = guard.mark();
    const output = await open(stdoutPath, 'a');
    const child = execa(program, args, {
      cwd,
      env: { ...env, [COOKIE]: mark },
      extendEnv: false,
      detached: true,
      cleanup: false,
      stdio: ['ignore', output.fd as Fd, output.fd as Fd, 'pipe'],
      buffer: false,
      reject: false,
    });
    await output.close();
    const group = child.pid;
    let isUp = group !== undefined;
    const ended = child.then((result) => {
      isUp = false;
      if (group !== undefined) killGroup(group, 'SIGKILL'); // What it leaves behind; later its number may be another's.
      return result;
    });
    /** Lines that nobody has waited for yet. */
    let lines: string[] = [];
    let onLine: () => void = () => undefined;
    const channel = child.stdio[CHANNEL] as Duplex | undefined; // Both ways: its types know only one.
    channel?.on('error', () => undefined); // Its end is noticed by its end.
    if (channel)
      createInterface({ input: channel })
        .on('line', (line) => {
          lines.push(line);
          onLine();
        })
        .on('error', () => undefined); // It hands on those of its input: one that ends with an order unread.
    if (group !== undefined) {
      guard.add(group);
      standBack(group);
    }
    const close = async () => {
      if (group === undefined) return;
      if (isUp) killGroup(group, 'SIGKILL');
      await killMarked(mark);
      await ended;
      void guard.release(group);
    };

    return {
      get isUp() {
        return isUp;
      },
      get memory() {
        return group === undefined ? 0 : residentBytes(group);
      },
      async serve<T>(order: string | null, limits: ProcessLimits, hear: Hear<T>): Promise<Served<T>> {
        const startedAtMs = Date.now();
        const start = performance.now();
        const cpuBefore = group === undefined ? null : cpuTicks(group);
        const took = () => {
          const cpuNow = group === undefined ? null : cpuTicks(group);
          const cpuMs = cpuBefore === null || cpuNow === null ? null : (cpuNow - cpuBefore) * TICK_MS;
          return { startedAtMs, durationMs: Math.round(performance.now() - start), cpuMs };
        };
        if (limits.lease.signal.aborted) return { ...took(), kind: 'aborted' };
        if (group === undefined || channel === undefined) {
          return { ...took(), kind: 'notStarted', reason: reasonOf((await ended).cause, program, cwd) };
        }
        guard.add(group, { mark, lease: limits.lease });
        const ending = endAtLimits(group, limits);
        let isDone = false;
        try {
          if (order !== null) lines = [];
          const answered = new Promise<NonNullable<ReturnType<Hear<T>>>>((resolve) => {
            onLine = () => {
              for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
                const heard = hear(line);
                if (heard === null) continue;
                onLine = () => undefined; // What follows is for who asks next.
                return resolve(heard);
              }
            };
          });
          if (order === null) onLine();
          else channel.write(`${order}\n`);
          const first = await Promise.race([answered, ended, ending.givenUp]);
          const end = took();
          const stopped = ending.stopped();
          if (stopped) {
            await close();
            return { ...end, ...stopped };
          }
          if (first !== undefined && 'told' in first) {
            isDone = first.isLast;
            return { ...end, kind: 'answered', told: first.told };
          }
          if (first === undefined) throw new Error('Given up without having been stopped.');
          if ((await guard.release(group)) === 'ended') return { ...end, kind: 'aborted' };
          if (first.signal !== undefined) return { ...end, kind: 'signalled', signal: first.signal };
          return { ...end, kind: 'exited', exitCode: first.exitCode ?? 0 };
        } finally {
          ending.close();
          onLine = () => undefined;
          if (isUp && isDone) guard.add(group); // Until then the lease holds.
        }
      },
      close,
    };
  };
}

/** proc(5): the unit of the times in stat. */
const TICK_MS = 10;

/** proc(5): fields 14 to 17 of stat, its own times and those of children it waited for. Linux only: null elsewhere. */
function cpuTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
  } catch {
    return null;
  }
}

function residentBytes(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return pages * PAGE_BYTES;
  } catch {
    return 0;
  }
}

const PAGE_BYTES = 4_096;
