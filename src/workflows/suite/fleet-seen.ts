import { DEFAULTS } from '../../core/defaults.js';
import type { FleetSnapshot } from '../../core/fleet/fleet.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { REASONS } from '../../core/model/change.js';
import type { FileResult } from '../../core/model/suite.js';
import type { WorkerPace } from '../../core/schedule/speculation.js';

/** What a workflow knows of the workers: how many slots, who is gone, how fast they are. */
export class FleetSeen {
  slots: number;
  /** Names of workers that take work; not all of a large fleet. */
  workers: readonly string[];
  /** Workers that lost a file, and when: epoch ms. They count again when they poll again. */
  readonly gone: Record<string, number> = {};
  /** What workers took for files, beside the estimates. */
  readonly paces: WorkerPace[] = [];
  #sickSinceMs: number | null = null;

  constructor({ slots, workers }: Pick<FleetSnapshot, 'slots' | 'workers'> = { slots: 0, workers: [] }) {
    this.slots = slots;
    this.workers = workers;
  }

  /** Workers are there, and none takes work. */
  get isSick(): boolean {
    return this.#sickSinceMs !== null;
  }

  /**
   * The fleet as it is now. Returns why the run should stop: every worker has taken itself out, and none has come for a while, so it would wait
   * for ever. null while it may go on: no worker at all is only a delay.
   */
  see({ slots, sick, workers }: FleetSnapshot): string | null {
    this.slots = slots;
    this.workers = workers;
    if (slots > 0 || sick.length === 0) {
      this.#sickSinceMs = null;
      return null;
    }
    this.#sickSinceMs ??= Date.now();
    if (Date.now() - this.#sickSinceMs < DEFAULTS.sickFleetMs) return null;
    return REASONS.noHealthyWorker(sick.map(({ worker, reason }) => `${worker}: ${reason}`).join('; '));
  }

  /** Nobody answers to this worker's name. */
  missed(worker: string): void {
    this.gone[worker] = Date.now();
    this.workers = this.workers.filter((other) => other !== worker);
  }

  attemptEnded({ worker, outcome }: AttemptRecord): void {
    if (outcome.kind === 'lost' && worker !== null) this.gone[worker] = outcome.atMs;
  }

  /** Learns from a file with its verdict how fast its worker is. */
  learn({ estimateMs, attempts }: Pick<FileResult, 'estimateMs' | 'attempts'>): void {
    const last = attempts.at(-1);
    if (estimateMs === null || last?.worker == null || last.outcome.kind !== 'passed') return;
    this.paces.push({ worker: last.worker, durationMs: last.outcome.durationMs, estimateMs });
  }
}
