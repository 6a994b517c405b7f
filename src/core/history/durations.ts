import { DEFAULTS } from '../defaults.js';
import type { Load } from '../fleet/load.js';
import type { Ran } from '../model/attempt.js';
import { medianOf } from './median.js';

/** One passing attempt. */
export type Sample = {
  /** On the clock of the wall. */
  readonly wallMs: number;
  /** What it would have taken on a machine of its own. */
  readonly effortMs: number;
  /** Class of the machine; null where it is not known. */
  readonly machine: string | null;
};

/** What is expected of a file. */
export type Expectation = {
  readonly ms: number;
  /** Median distance of the samples from it: what is within is noise. */
  readonly spreadMs: number;
  /** The longest sample, on the clock of the wall: what a deadline must leave room for. */
  readonly slowestMs: number;
  /** How many attempts it rests on. */
  readonly samples: number;
};

/** By path. */
export type Expectations = Readonly<Record<string, Expectation>>;

/**
 * How long a file will probably take, from its passing attempts, newest first; null without any.
 * A median, so that one odd attempt (a cold cache, a busy machine) moves nothing; weighted by recency, so that a file
 * that became slower or faster is believed after three attempts, however long it was otherwise.
 */
export function expectationOf(samples: readonly Sample[]): Expectation | null {
  const ms = weightedMedian(samples.map(({ effortMs }) => effortMs));
  if (ms === null) return null;
  return {
    ms,
    spreadMs: weightedMedian(samples.map(({ effortMs }) => Math.abs(effortMs - ms))) ?? 0,
    slowestMs: Math.max(...samples.map(({ wallMs }) => wallMs)),
    samples: samples.length,
  };
}

/** The same for many files by path, with what was measured on other machines told in the time of the one that was used last. */
export function expectationsOf(samples: ReadonlyMap<string, readonly Sample[]>): Map<string, Expectation> {
  const pace = paceOf(samples);
  return new Map(
    [...samples].flatMap(([path, own]) => {
      const expected = expectationOf(own.map((sample) => ({ ...sample, effortMs: sample.effortMs * pace(sample.machine) })));
      return expected === null ? [] : [[path, expected]];
    }),
  );
}

/** The middle of values that count less the later they stand; null without any. */
function weightedMedian(newestFirst: readonly number[]): number | null {
  const byLength = newestFirst
    .map((value, age) => ({ value, weight: DEFAULTS.durationDecay ** age }))
    .sort((a, b) => a.value - b.value);
  const half = byLength.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let seen = 0;
  for (const { value, weight } of byLength) {
    seen += weight;
    if (seen >= half) return value;
  }
  return null;
}

/** What turns the time of one class of machines into that of the class used last: the median ratio over files that both have run. */
function paceOf(samples: ReadonlyMap<string, readonly Sample[]>): (machine: string | null) => number {
  const newest = new Map<string | null, number>();
  for (const own of samples.values()) {
    const machine = own[0]?.machine ?? null;
    newest.set(machine, (newest.get(machine) ?? 0) + 1);
  }
  const [reference = null] = [...newest].sort(([, a], [, b]) => b - a)[0] ?? [];
  const ratios = new Map<string, number[]>();
  for (const own of samples.values()) {
    const here = weightedMedian(own.filter(({ machine }) => machine === reference).map(({ effortMs }) => effortMs));
    for (const machine of new Set(own.map((sample) => sample.machine))) {
      if (machine === null || machine === reference || here === null) continue;
      const there = weightedMedian(own.filter((sample) => sample.machine === machine).map(({ effortMs }) => effortMs));
      if (there !== null && there > 0) ratios.set(machine, [...(ratios.get(machine) ?? []), here / there]);
    }
  }
  const paces = new Map(
    [...ratios].flatMap(([machine, found]) => {
      const middle = medianOf(found);
      return middle === null || found.length < DEFAULTS.filesToCompareMachines ? [] : [[machine, middle] as const];
    }),
  );
  return (machine) => (machine === null ? 1 : (paces.get(machine) ?? 1));
}

type Measured = Pick<Ran, 'durationMs' | 'load' | 'parts'>;

/** What an attempt, with all parts of its file, would have taken on a machine of its own. */
export function effortOf({ durationMs, load, parts }: Measured): number {
  if (parts === undefined) return effortMs(durationMs, load);
  return parts.reduce((sum, part) => sum + effortMs(part.durationMs, part.load), 0);
}

/** The class of machines that ran it; null where that is not known, or parts ran on several. */
export function machineOf({ load, parts }: Measured): string | null {
  const [machine, ...others] = new Set((parts ?? [{ load }]).map((part) => part.load?.machine));
  return others.length > 0 ? null : (machine ?? null);
}

/**
 * What an attempt would have taken on a machine of its own. Where more tests want a processor than there are, the time they have one is
 * stretched by their number; the time they wait for something else is not. A machine with idle processors stretches nothing.
 */
export function effortMs(wallMs: number, load: Load | undefined): number {
  if (load === undefined || load.cpuMs === null) return wallMs;
  const cpuMs = Math.min(load.cpuMs, wallMs);
  const saturation = Math.min(1, Math.max(0, 1 - load.idleShare / DEFAULTS.idleShareOfFreeMachine));
  const stretch = 1 + saturation * Math.max(0, load.busySlots / load.cores - 1);
  const { hungry } = DEFAULTS;
  if (stretch >= hungry.stretch && cpuMs * stretch >= hungry.share * wallMs) return cpuMs; // It never waited for anything else.
  return Math.max(cpuMs, wallMs - cpuMs * (stretch - 1));
}
