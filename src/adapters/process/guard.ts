import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { DEFAULTS } from '../../core/defaults.js';
import type { Lease } from '../../core/model/lease.js';
import { packageFile } from '../package-file.js';

/** Process groups that must not outlive this process, whatever ends it, nor their lease, whatever holds this process up. */
export interface Guard {
  /** What every process started under this guard has in its environment, as the value of COOKIE. A new one for each call, all with one beginning. */
  mark(): string;
  /** The beginning of all marks. */
  readonly cookie: string;
  /** Guards a group. One that was started with a mark may have a lease, and is ended with it; another one later, or none. */
  add(group: number, held?: Held): void;
  /** `ended`: its lease ran out, and the warden killed it. */
  release(group: number): Promise<'released' | 'ended'>;
  /** Resolves, with a sentence, when no warden stays up: nothing is guarded any more. */
  readonly failed: Promise<string>;
  /** Ends the warden, and with it every group still guarded. */
  close(): Promise<void>;
}

export type Held = { readonly mark: string; readonly lease: Lease };
type Guarded = { readonly held: Held | undefined; readonly forget: () => void };

/**
 * Starts the warden of this process. It has a session of its own, so that Ctrl-C does not reach it. A warden that dies is replaced, and told
 * all that its predecessor knew.
 */
export function startGuard(): Guard {
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
    for (const [group, one] of guarded) process_.stdin.write(lineOf(group, one));
    createInterface({ input: process_.stdout }).on('line', (line) => {
      const [how, group] = line.split(' ');
      releasing.get(Number(group))?.(how === 'ended' ? 'ended' : 'released');
    });
    void process_.then(() => {
      for (const answer of releasing.values()) answer('released'); // Nobody knows any more.
      if (isClosed) return;
      deaths.push(performance.now());
      const isHopeless = deaths.filter((at) => at > performance.now() - DEFAULTS.wardenDeaths.withinMs).length;
      if (isHopeless >= DEFAULTS.wardenDeaths.count) fail('Its warden dies again and again.');
      else warden = start();
    });
    return process_;
  }
  const tell = (line: string) => void warden.stdin.write(line);

  return {
    cookie,
    mark() {
      marks += 1;
      return `${cookie}.${marks}`;
    },
    add(group, held) {
      const known = guarded.get(group);
      if (held !== undefined && known?.held?.lease === held.lease) return;
      known?.forget();
      const forget = held?.lease.onRenewal((expiresAtMs) => tell(`renew ${group} ${expiresAtMs}\n`)) ?? (() => undefined);
      const one = { held, forget };
      guarded.set(group, one);
      tell(lineOf(group, one));
    },
    release(group) {
      guarded.get(group)?.forget();
      guarded.delete(group);
      return new Promise((resolve) => {
        const answer = (how: 'released' | 'ended') => {
          clearTimeout(patience);
          releasing.delete(group);
          resolve(how);
        };
        const patience = setTimeout(answer, DEFAULTS.wardenAnswerMs, 'released');
        releasing.set(group, answer);
        tell(`release ${group}\n`);
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
  warden.stdin.on('error', () => undefined); // Its death is noticed by its end; writing to it must not throw.
  return warden;
}
