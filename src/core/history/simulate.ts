import type { PlannedFile } from '../model/suite.js';

/** A fleet that does not exist. */
export type SimulatedFleet = {
  readonly workers: number;
  readonly slotsOfEach: number;
  /** Mean time until a worker is taken away; null never. Another takes its place after `replaceMs`. */
  readonly preemptEveryMs: number | null;
  readonly replaceMs: number;
};

/** How a run would have gone. */
export type Simulation = {
  readonly makespanMs: number;
  /** Share of the slots' time that nothing ran in: 0 to 1. */
  readonly idleShare: number;
  readonly lostMs: number;
  readonly preemptions: number;
  /** Time that workers existed, all together. */
  readonly workerMs: number;
};

/** A file to be replayed: as it was planned, and what it took. */
export type ReplayedFile = { readonly file: Pick<PlannedFile, 'serial' | 'slots'>; readonly tookMs: number };

type RunningFile = { readonly index: number; readonly startedAtMs: number; readonly endsAtMs: number; readonly weight: number };
type SimulatedWorker = { readonly running: RunningFile[]; freeAtMs: number; goneAtMs: number };

/**
 * Replays files in their order on such a fleet: each goes to the first worker with room; one whose worker is taken away begins anew, ahead of
 * all others. Dispatch costs nothing. `random` (0 to below 1) decides when workers are taken away.
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

/** Lifetimes are exponential: a worker that has lived long is no nearer to its end. */
function aWorker(freeAtMs: number, { preemptEveryMs }: SimulatedFleet, random: () => number): SimulatedWorker {
  const livesMs = preemptEveryMs === null ? Number.POSITIVE_INFINITY : -Math.log(1 - random()) * preemptEveryMs;
  return { running: [], freeAtMs, goneAtMs: freeAtMs + livesMs };
}

function sum(running: readonly RunningFile[]): number {
  return running.reduce((total, { weight }) => total + weight, 0);
}
