import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { DEFAULTS } from '../../core/defaults.js';
import type { Lease } from '../../core/model/lease.js';
import { packageFile } from '../package-file.js';

/** Keeps process groups from outliving this process, however it dies, and their lease, even if this process hangs. */
export interface Guard {
  /** Returns a new mark: the value of COOKIE in the environment of a process started under this guard. All marks share a prefix. */
  mark(): string;
  /** The prefix of all marks. */
  readonly cookie: string;
  /** Of the processes started under this guard; 0: as this process. */
  readonly niceness: number;
  /** Guards a group. With `held`, the warden also kills it when the lease runs out. A later call replaces the lease or drops it. */
  add(group: number, held?: Held): void;
  /** Stops guarding a group. `ended`: its lease had run out and the warden has killed it. */
  release(group: number): Promise<'released' | 'ended'>;
  /** Resolves with a reason, as a sentence, when wardens keep dying: nothing is guarded anymore. */
  readonly failed: Promise<string>;
  /** Stops the warden, which kills every group still guarded. */
  close(): Promise<void>;
}

export type Held = { readonly mark: string; readonly lease: Lease };
type Guarded = { readonly held: Held | undefined; readonly forget: () => void };

/**
 * Starts the warden of this process, in its own session so that Ctrl-C does not reach it. A warden that dies is replaced, and the
 * new one gets the same groups to guard.
 */
export function startGuard({ niceness = 0 }: Partial<Pick<Guard, 'niceness'>> = {}): Guard {
  const cookie = randomUUID();
  const guarded = new Map<number, Guarded>();
  const deaths: number[] = [];
  const releasing = new Map<number, (how: 'released' | 'ended') => void>();
  let marks = 0;
  let isClosed = false;
  let fail: (reason: string) => void = () => undefined;
  const failed = new Promise<string>((resolve) => {
    fail = resolve;
  });
  let warden = start();

  function start() {
    const process_ = startWarden();
    process_.stdin.write(`worker ${cookie}\n`);
    for (const [group, entry] of guarded) process_.stdin.write(lineOf(group, entry));
    createInterface({ input: process_.stdout }).on('line', (line) => {
      const [how, group] = line.split(' ');
      releasing.get(Number(group))?.(how === 'ended' ? 'ended' : 'released');
    });
    void process_.then(() => {
      for (const answer of releasing.values()) answer('released'); // Whether it killed the group died with it.
      if (isClosed) return;
      deaths.push(performance.now());
      const recentDeaths = deaths.filter((at) => at > performance.now() - DEFAULTS.wardenDeaths.withinMs).length;
      if (recentDeaths >= DEFAULTS.wardenDeaths.count) fail('Its warden keeps dying.');
      else warden = start();
    });
    return process_;
  }
  const send = (line: string) => void warden.stdin.write(line);

  return {
    cookie,
    niceness,
    mark() {
      marks += 1;
      return `${cookie}.${marks}`;
    },
    add(group, held) {
      const known = guarded.get(group);
      if (held !== undefined && known?.held?.lease === held.lease) return;
      known?.forget();
      const forget = held?.lease.onRenewal((expiresAtMs) => send(`renew ${group} ${expiresAtMs}\n`)) ?? (() => undefined);
      const entry = { held, forget };
      guarded.set(group, entry);
      send(lineOf(group, entry));
    },
    release(group) {
      guarded.get(group)?.forget();
      guarded.delete(group);
      return new Promise((resolve) => {
        const answer = (how: 'released' | 'ended') => {
          clearTimeout(timer);
          releasing.delete(group);
          resolve(how);
        };
        const timer = setTimeout(answer, DEFAULTS.wardenAnswerMs, 'released');
        releasing.set(group, answer);
        send(`release ${group}\n`);
      });
    },
    failed,
    async close() {
      isClosed = true;
      for (const { forget } of guarded.values()) forget();
      warden.stdin.end();
      await warden;
    },
  };
}

function lineOf(group: number, { held }: Guarded): string {
  return `guard ${group} ${held?.mark ?? '-'} ${held?.lease.expiresAtMs ?? '-'}\n`;
}

function startWarden() {
  const warden = execa(process.execPath, [packageFile('dist/warden.js')], {
    stdin: 'pipe',
    stdout: 'pipe',
    buffer: false,
    stderr: 'ignore',
    detached: true,
    cleanup: false,
    reject: false,
    env: { NODE_OPTIONS: '' },
  });
  warden.stdin.on('error', () => undefined); // The death of the warden shows as its exit; writing to it must not throw.
  return warden;
}
