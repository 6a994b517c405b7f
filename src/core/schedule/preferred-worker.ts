import type { AttemptRecord } from '../model/attempt.js';
import type { NextTurn } from './next-turn.js';

/** The worker that should get a dispatch, if any: for a retry another one, for a second look the machine on which the file was red. */
export function preferredFor(
  { isRetry, look }: Pick<Extract<NextTurn, { kind: 'dispatch' }>, 'isRetry' | 'look'>,
  attempts: readonly AttemptRecord[],
  workers: readonly string[],
): string | undefined {
  if (isRetry) return preferredWorker(attempts, workers);
  const last = attempts.findLast(({ outcome }) => outcome.kind !== 'lost')?.worker;
  return look && last != null && workers.includes(last) ? last : undefined;
}

/**
 * The worker (`host/pid`) that a retry should go to: one that has not tried the file, on another machine if possible; if all have,
 * the one whose last try is the oldest. Never the worker of the last attempt; undefined if there is no other.
 */
export function preferredWorker(attempts: readonly AttemptRecord[], workers: readonly string[]): string | undefined {
  const tried = attempts.flatMap(({ worker }) => worker ?? []);
  const hosts = new Set(tried.map(hostOf));
  const others = workers.filter((worker) => worker !== tried.at(-1));
  const [preferred] = others.toSorted(
    (a, b) => tried.lastIndexOf(a) - tried.lastIndexOf(b) || Number(hosts.has(hostOf(a))) - Number(hosts.has(hostOf(b))),
  );
  return preferred;
}

const hostOf = (worker: string) => worker.split('/')[0];
