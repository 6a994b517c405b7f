import { DEFAULTS } from '../../core/defaults.js';
import type { FleetSnapshot } from '../../core/fleet/fleet.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { REASONS } from '../../core/model/change.js';
import type { FileResult } from '../../core/model/suite.js';
import type { WorkerPace } from '../../core/schedule/speculation.js';

/** A workflow's view of the fleet: its slots, which workers are gone, and how fast workers are. */
export class FleetView {
  slots: number;
  /** Names of workers that take work; not all of a large fleet. */
  workers: readonly string[];
  /** Workers that lost a file, and when, epoch ms. They count again once they poll again. */
  readonly gone: Record<string, number> = {};
  /** How long workers took for files, compared with the estimates. */
  readonly paces: WorkerPace[] = [];
  #sickSinceMs: number | null = null;

  constructor({ slots, workers }: Pick<FleetSnapshot, 'slots' | 'workers'> = { slots: 0, workers: [] }) {
    this.slots = slots;
    this.workers = workers;
  }

  /** There are workers, but all are sick. */
  get isSick(): boolean {
    return this.#sickSinceMs !== null;
  }

  /**
   * Updates the view. Returns why the run should stop: all workers have been sick for a while, and no healthy one has come. null
   * while it may continue: having no workers at all is only a delay.
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

  /** A dispatch to this worker was not picked up. */
  missed(worker: string): void {
    this.gone[worker] = Date.now();
    this.workers = this.workers.filter((other) => other !== worker);
  }

  attemptEnded({ worker, outcome }: AttemptRecord): void {
    if (outcome.kind === 'lost' && worker !== null) this.gone[worker] = outcome.atMs;
  }

  /** Learns how fast a worker is from a file that has its verdict. */
  learn({ estimateMs, attempts }: Pick<FileResult, 'estimateMs' | 'attempts'>): void {
    const last = attempts.at(-1);
    if (estimateMs === null || last?.worker == null || last.outcome.kind !== 'passed') return;
    this.paces.push({ worker: last.worker, durationMs: last.outcome.durationMs, estimateMs });
  }
}
