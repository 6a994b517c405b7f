import { cpus } from 'node:os';
import { DEFAULTS } from '../../core/defaults.js';
import type { Load } from '../../core/fleet/load.js';
import type { Slots } from './slots.js';

/**
 * Measures the load of this machine during an attempt. `start` returns a function that ends the measurement; it takes the
 * attempt's CPU time, if known.
 */
export type LoadMeter = { start(): (cpuMs: number | null) => Load };

export function createLoadMeter(slots: Slots): LoadMeter {
  const [first] = cpus();
  const processors = new Processors();
  const cores = cpus().length;
  const machine = `${process.arch} ${cores} × ${first?.model.trim() ?? 'unknown'}`;
  return {
    start() {
      const before = { busyMs: slots.busyMs, at: performance.now() };
      const idleShare = processors.watch();
      return (cpuMs) => {
        const elapsedMs = Math.max(1, performance.now() - before.at);
        return { cpuMs, busySlots: (slots.busyMs - before.busyMs) / elapsedMs, cores, idleShare: idleShare(), machine };
      };
    },
  };
}

/** CPU times of this machine, read no more often than the kernel's ticks of 10 ms make meaningful. */
class Processors {
  #latest = processorTime();
  #previous = this.#latest;

  /** Returns a function that yields the idle share from now on; for too short a span, the share between the last two readings. */
  watch(): () => number {
    const begun = this.#read();
    return () => {
      const { idleMs, allMs } = this.#read();
      const from = begun === this.#latest ? this.#previous : begun;
      const spentMs = allMs - from.allMs;
      return spentMs > 0 ? (idleMs - from.idleMs) / spentMs : 1;
    };
  }

  #read(): ProcessorTime {
    if (performance.now() - this.#latest.at < DEFAULTS.processorLookMs) return this.#latest;
    this.#previous = this.#latest;
    this.#latest = processorTime();
    return this.#latest;
  }
}

type ProcessorTime = { readonly idleMs: number; readonly allMs: number; readonly at: number };

/** Totals over all processors since boot, in ms. */
function processorTime(): ProcessorTime {
  const times = cpus().map((processor) => processor.times);
  return {
    at: performance.now(),
    idleMs: times.reduce((sum, { idle }) => sum + idle, 0),
    allMs: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  };
}
