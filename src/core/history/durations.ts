import { DEFAULTS } from '../defaults.js';
import type { Load } from '../fleet/load.js';
import type { ProcessResult } from '../model/attempt.js';
import { medianOf } from './median.js';

/** A passing attempt. */
export type Sample = {
  /** Wall time. */
  readonly wallMs: number;
  /** What it would have taken on an otherwise idle machine. */
  readonly effortMs: number;
  /** Class of the machine; null if unknown. */
  readonly machine: string | null;
};

/** The estimate of a file. */
export type Estimate = {
  readonly ms: number;
  /** Median distance of the samples from the estimate; smaller differences are noise. */
  readonly spreadMs: number;
  /** The longest wall time of a sample, which a timeout must allow. */
  readonly slowestMs: number;
  /** Number of attempts behind the estimate. */
  readonly samples: number;
};

/** By path. */
export type Estimates = Readonly<Record<string, Estimate>>;

/**
 * How long a file will probably take, from its passing attempts, newest first; null without any. A median, so that one outlier (a
 * cold cache, a busy machine) changes nothing; weighted by recency, so that three attempts suffice to follow a change.
 */
export function estimateOf(samples: readonly Sample[]): Estimate | null {
  const ms = weightedMedian(samples.map(({ effortMs }) => effortMs));
  if (ms === null) return null;
  return {
    ms,
    spreadMs: weightedMedian(samples.map(({ effortMs }) => Math.abs(effortMs - ms))) ?? 0,
    slowestMs: Math.max(...samples.map(({ wallMs }) => wallMs)),
    samples: samples.length,
  };
}

/** The same for many files, by path. Durations are converted to the machine class that most of the newest samples ran on. */
export function estimatesOf(samples: ReadonlyMap<string, readonly Sample[]>): Map<string, Estimate> {
  const pace = paceOf(samples);
  return new Map(
    [...samples].flatMap(([path, fileSamples]) => {
      const converted = fileSamples.map((sample) => ({ ...sample, effortMs: sample.effortMs * pace(sample.machine) }));
      const estimate = estimateOf(converted);
      return estimate === null ? [] : [[path, estimate]];
    }),
  );
}

/** The weighted median of values, newest first; null without any. */
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

/** Factor from each machine class to that of most newest samples: the median ratio over the files that both classes have run. */
function paceOf(samples: ReadonlyMap<string, readonly Sample[]>): (machine: string | null) => number {
  const newest = new Map<string | null, number>();
  for (const fileSamples of samples.values()) {
    const machine = fileSamples[0]?.machine ?? null;
    newest.set(machine, (newest.get(machine) ?? 0) + 1);
  }
  const [reference = null] = [...newest].sort(([, a], [, b]) => b - a)[0] ?? [];
  const ratios = new Map<string, number[]>();
  for (const fileSamples of samples.values()) {
    const effortOn = (machine: string | null) =>
      weightedMedian(fileSamples.filter((sample) => sample.machine === machine).map(({ effortMs }) => effortMs));
    const referenceMs = effortOn(reference);
    for (const machine of new Set(fileSamples.map((sample) => sample.machine))) {
      if (machine === null || machine === reference || referenceMs === null) continue;
      const machineMs = effortOn(machine);
      if (machineMs !== null && machineMs > 0) ratios.set(machine, [...(ratios.get(machine) ?? []), referenceMs / machineMs]);
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

type Measured = Pick<ProcessResult, 'durationMs' | 'load' | 'parts'>;

/** The effort of an attempt: for a file in parts, the sum over its parts. */
export function effortOf({ durationMs, load, parts }: Measured): number {
  if (parts === undefined) return effortMs(durationMs, load);
  return parts.reduce((sum, part) => sum + effortMs(part.durationMs, part.load), 0);
}

/** The class of the machine that ran an attempt; null if unknown, or if its parts ran on several classes. */
export function machineOf({ load, parts }: Measured): string | null {
  const [machine, ...others] = new Set((parts ?? [{ load }]).map((part) => part.load?.machine));
  return others.length > 0 ? null : (machine ?? null);
}

/**
 * Effort: what an attempt would have taken on an otherwise idle machine. If more tests want a CPU than there are CPUs, their CPU
 * time is stretched by that ratio, but not the time they spend waiting. While CPUs are idle, nothing is stretched.
 */
export function effortMs(wallMs: number, load: Load | undefined): number {
  if (load === undefined || load.cpuMs === null) return wallMs;
  const cpuMs = Math.min(load.cpuMs, wallMs);
  const saturation = Math.min(1, Math.max(0, 1 - load.idleShare / DEFAULTS.idleShareOfFreeMachine));
  const stretch = 1 + saturation * Math.max(0, load.busySlots / load.cores - 1);
  const { hungry } = DEFAULTS;
  if (stretch >= hungry.stretch && cpuMs * stretch >= hungry.share * wallMs) return cpuMs; // CPU-bound: it never waited for anything else.
  return Math.max(cpuMs, wallMs - cpuMs * (stretch - 1));
}
