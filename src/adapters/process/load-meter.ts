import { cpus } from 'node:os';
import type { Load } from '../../core/load.js';
import type { Slots } from './slots.js';

/** Measures what this machine does while an attempt runs. `start` returns how to end: with the processor time of the attempt, if it is known. */
export type LoadMeter = { start(): (cpuMs: number | null) => Load };

export function createLoadMeter(slots: Slots): LoadMeter {
  const [first] = cpus();
  const cores = cpus().length;
  const machine = `${process.arch} ${cores} × ${first?.model.trim() ?? 'unknown'}`;
  return {
    start() {
      const before = { ...processorTime(), busyMs: slots.busyMs, at: performance.now() };
      return (cpuMs) => {
        const { idleMs, allMs } = processorTime();
        const passedMs = Math.max(1, performance.now() - before.at);
        const spentMs = allMs - before.allMs;
        return {
          cpuMs,
          busySlots: (slots.busyMs - before.busyMs) / passedMs,
          cores,
          idleShare: spentMs > 0 ? (idleMs - before.idleMs) / spentMs : 1,
          machine,
        };
      };
    },
  };
}

/** Of all processors since the machine was started, ms. */
function processorTime(): { readonly idleMs: number; readonly allMs: number } {
  const times = cpus().map((processor) => processor.times);
  return {
    idleMs: times.reduce((sum, { idle }) => sum + idle, 0),
    allMs: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  };
}
