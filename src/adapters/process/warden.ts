/**
 * The warden's program: a small companion of one parent process. It learns over its standard input, a word a line, which process groups the
 * parent answers for and until when (ms of the machine's monotonic clock):
 *
 *   worker COOKIE               what all processes of this parent's tests have in their environment
 *   guard GROUP COOKIE EXPIRY   `- -` for one without a lease
 *   renew GROUP EXPIRY
 *   release GROUP               answered with `released GROUP`, or `ended GROUP` where its lease ran out before
 *
 * It kills a group whose lease runs out: its parent is frozen, or it would have done so itself. When the pipe closes, however the parent ended,
 * it kills every group still guarded and every process with the parent's cookie, and leaves.
 */
import { createInterface } from 'node:readline';
import { DEFAULTS } from '../../core/defaults.js';
import { killGroup } from './kill-group.js';
import { killMarked } from './marked.js';

type Guarded = { readonly cookie: string; expiresAtMs: number; wallExpiresAtMs: number };

const guarded = new Map<number, Guarded>();
/** Groups that were killed with their lease and are not released yet. */
const ended = new Set<number>();
let worker: string | undefined;
let timer: NodeJS.Timeout | undefined;

// A signal meant for the parent's group must not end the warden before it has done its work.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

// A parent that has gone reads no answers.
process.stdout.on('error', () => undefined);

const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

/** While a machine is suspended its monotonic clock may stand still: then the other one has moved on. */
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
  // Not at once: on a machine that is out of breath a renewal may have come already, and not been read.
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
