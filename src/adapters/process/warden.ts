/**
 * The warden's program: a small companion of one worker process. Over stdin, one command per line, the worker says which process groups to
 * guard and until when (in ms of the machine's monotonic clock):
 *
 *   worker COOKIE               the cookie prefix in the environment of all of this worker's test processes
 *   guard GROUP COOKIE EXPIRY   `- -` for a group without a lease
 *   renew GROUP EXPIRY
 *   release GROUP               answered by `released GROUP`, or `ended GROUP` if its lease had run out
 *
 * It kills a group whose lease runs out: the worker must be frozen, or it would have done so itself. When stdin closes, however the worker
 * ended, it kills every group still guarded and every process with the worker's cookie, and exits.
 */
import { createInterface } from 'node:readline';
import { DEFAULTS } from '../../core/defaults.js';
import { killGroup } from './kill-group.js';
import { killMarked } from './marked.js';

type Guarded = { readonly cookie: string; expiresAtMs: number; wallExpiresAtMs: number };

const guarded = new Map<number, Guarded>();
/** Groups that were killed because their lease ran out, and are not released yet. */
const ended = new Set<number>();
let worker: string | undefined;
let timer: NodeJS.Timeout | undefined;

// A signal sent to the worker's process group must not end the warden before its work is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

// A dead worker reads no answers.
process.stdout.on('error', () => undefined);

const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

/** Expiry by both clocks: the monotonic one may stop while the machine is suspended, the wall clock does not. */
function expiryOf(word: string | undefined): Pick<Guarded, 'expiresAtMs' | 'wallExpiresAtMs'> {
  if (word === undefined || word === '-')
    return { expiresAtMs: Number.POSITIVE_INFINITY, wallExpiresAtMs: Number.POSITIVE_INFINITY };
  const expiresAtMs = Number(word);
  return { expiresAtMs, wallExpiresAtMs: Date.now() + expiresAtMs - monotonicMs() + DEFAULTS.clockStepMs };
}

function endExpired(): void {
  for (const [group, { cookie, expiresAtMs, wallExpiresAtMs }] of guarded) {
    if (monotonicMs() < expiresAtMs && Date.now() < wallExpiresAtMs) continue;
    guarded.delete(group);
    ended.add(group);
    killGroup(group, 'SIGKILL');
    if (cookie !== '-') void killMarked(cookie);
  }
  watch();
}

function release(group: number): void {
  guarded.delete(group);
  process.stdout.write(`${ended.delete(group) ? 'ended' : 'released'} ${group}\n`);
}

function watch(): void {
  clearTimeout(timer);
  const next = Math.min(...[...guarded.values()].map(({ expiresAtMs }) => expiresAtMs));
  if (next === Number.POSITIVE_INFINITY) return;
  // setImmediate lets pending input be read first: on an overloaded machine a renewal may already have arrived.
  timer = setTimeout(() => setImmediate(endExpired), Math.max(0, Math.min(next - monotonicMs(), DEFAULTS.wardenLookMs)));
}

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [verb, name = '', ...rest] = line.split(' ');
    const group = Number(name);
    if (verb === 'worker') worker = name;
    else if (!Number.isInteger(group) || group <= 1) return;
    else if (verb === 'guard') guarded.set(group, { cookie: rest[0] ?? '-', ...expiryOf(rest[1]) });
    else if (verb === 'release') release(group);
    else if (verb === 'renew') Object.assign(guarded.get(group) ?? {}, expiryOf(rest[0]));
    watch();
  })
  .on('close', () => {
    clearTimeout(timer);
    for (const group of guarded.keys()) killGroup(group, 'SIGKILL');
    if (worker === undefined) process.exit(0);
    void killMarked(worker).finally(() => process.exit(0));
  });
