import type { PlannedFile } from '../model/suite.js';

/** A fleet to simulate. */
export type SimulatedFleet = {
  readonly workers: number;
  readonly slotsOfEach: number;
  /** Mean time until a worker is preempted; null: never. It is replaced after `replaceMs`. */
  readonly preemptEveryMs: number | null;
  readonly replaceMs: number;
};

/** The result of a simulation. */
export type Simulation = {
  readonly makespanMs: number;
  /** Share of the slot time that was idle: 0 to 1. */
  readonly idleShare: number;
  readonly lostMs: number;
  readonly preemptions: number;
  /** Sum of the lifetimes of all workers. */
  readonly workerMs: number;
};

/** A file to replay, and its duration. */
export type ReplayedFile = { readonly file: Pick<PlannedFile, 'serial' | 'slots'>; readonly tookMs: number };

type RunningFile = { readonly index: number; readonly startedAtMs: number; readonly endsAtMs: number; readonly weight: number };
type SimulatedWorker = { readonly running: RunningFile[]; freeAtMs: number; goneAtMs: number };

/**
 * Replays files in order on a fleet. Each goes to the first worker with room; a file whose worker is preempted starts over, ahead
 * of all others. Dispatching costs nothing. `random` (0 to below 1) decides when workers are preempted.
 */
export function simulate(files: readonly ReplayedFile[], fleet: SimulatedFleet, random: () => number): Simulation {
  const workers: SimulatedWorker[] = Array.from({ length: fleet.workers }, () => aWorker(0, fleet, random));
  const waiting = files.map((_, index) => index);
  const busyChains = new Set<string>();
  let atMs = 0;
  let left = files.length;
  let [lostMs, busyMs, preemptions] = [0, 0, 0];

  const start = () => {
    for (let at = 0; at < waiting.length; ) {
      const index = waiting[at] ?? 0;
      const { file, tookMs } = files[index] ?? { file: {}, tookMs: 0 };
      const weight = Math.min(file.slots ?? 1, fleet.slotsOfEach);
      const worker = workers.find(({ running, freeAtMs }) => freeAtMs <= atMs && weight + sum(running) <= fleet.slotsOfEach);
      if (file.serial !== undefined && busyChains.has(file.serial)) at += 1;
      else if (worker === undefined) return;
      else {
        worker.running.push({ index, startedAtMs: atMs, endsAtMs: atMs + tookMs, weight });
        if (file.serial !== undefined) busyChains.add(file.serial);
        waiting.splice(at, 1);
      }
    }
  };
  const release = ({ index }: RunningFile) => {
    const chain = files[index]?.file.serial;
    if (chain !== undefined) busyChains.delete(chain);
  };

  while (left > 0) {
    start();
    atMs = Math.min(
      ...workers.flatMap(({ running, freeAtMs, goneAtMs }) => [
        goneAtMs,
        ...(freeAtMs > atMs ? [freeAtMs] : []),
        ...running.map(({ endsAtMs }) => endsAtMs),
      ]),
    );
    for (const worker of workers) {
      for (const done of worker.running.filter(({ endsAtMs }) => endsAtMs <= atMs)) {
        worker.running.splice(worker.running.indexOf(done), 1);
        release(done);
        busyMs += (done.endsAtMs - done.startedAtMs) * done.weight;
        left -= 1;
      }
      if (worker.goneAtMs > atMs) continue;
      preemptions += 1;
      for (const lost of worker.running.splice(0)) {
        release(lost);
        lostMs += atMs - lost.startedAtMs;
        waiting.unshift(lost.index);
      }
      Object.assign(worker, aWorker(atMs + fleet.replaceMs, fleet, random));
    }
  }
  const slotMs = atMs * fleet.workers * fleet.slotsOfEach;
  return {
    makespanMs: atMs,
    idleShare: slotMs === 0 ? 0 : 1 - Math.min(1, (busyMs + lostMs) / slotMs),
    lostMs,
    preemptions,
    workerMs: atMs * fleet.workers,
  };
}

/** Lifetimes are exponential: an old worker is as likely to be preempted as a new one. */
function aWorker(freeAtMs: number, { preemptEveryMs }: SimulatedFleet, random: () => number): SimulatedWorker {
  const livesMs = preemptEveryMs === null ? Number.POSITIVE_INFINITY : -Math.log(1 - random()) * preemptEveryMs;
  return { running: [], freeAtMs, goneAtMs: freeAtMs + livesMs };
}

function sum(running: readonly RunningFile[]): number {
  return running.reduce((total, { weight }) => total + weight, 0);
}
