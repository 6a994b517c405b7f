import { HEALTHY, type Health, type HealthSignal, healthAfter, ON_PROBATION } from '../core/fleet/health.js';

/** A worker leaves to be restarted after it has run `recycleAfter` files; null for never. */
export type Service = { readonly recycleAfter: number | null };

/** Tracks a worker's health and wear. */
export class Vitals {
  readonly #service: Service;
  readonly #worn = new AbortController();
  #health: Health = HEALTHY;
  #spell = new AbortController();
  #filesRun = 0;

  constructor(service: Service) {
    this.#service = service;
  }

  /** Aborted when the worker falls sick, with a sentence as the reason. A new signal after each recovery. */
  get spell(): AbortSignal {
    return this.#spell.signal;
  }

  /** Aborted when the worker is due for recycling, with a sentence as the reason. */
  get worn(): AbortSignal {
    return this.#worn.signal;
  }

  tell(sign: HealthSignal): void {
    this.#wear(sign);
    if (this.#health.sickness !== null) return;
    this.#health = healthAfter(sign, this.#health);
    if (this.#health.sickness !== null) this.#spell.abort(this.#health.sickness);
  }

  /** Takes work again, on probation. */
  recover(): void {
    this.#health = ON_PROBATION;
    this.#spell = new AbortController();
  }

  #wear({ kind }: HealthSignal): void {
    if (kind === 'ran') this.#filesRun += 1;
    if (this.#filesRun < (this.#service.recycleAfter ?? Infinity)) return;
    this.#worn.abort(`This worker has run ${this.#filesRun} files and leaves to be restarted.`);
  }
}
