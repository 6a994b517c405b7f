import { HEALTHY, type Health, type HealthSignal, healthAfter, ON_PROBATION } from '../core/fleet/health.js';

/** When a worker has served its time: after this many files; null never. */
export type Service = { readonly recycleAfter: number | null };

/** How a worker is while it lives. */
export class Vitals {
  readonly #service: Service;
  readonly #worn = new AbortController();
  #health: Health = HEALTHY;
  #spell = new AbortController();
  #ran = 0;

  constructor(service: Service) {
    this.#service = service;
  }

  /** Of the time since it last took work again: aborted when it falls sick; the reason is a sentence. */
  get spell(): AbortSignal {
    return this.#spell.signal;
  }

  /** Aborted when it has served its time; the reason is a sentence. */
  get worn(): AbortSignal {
    return this.#worn.signal;
  }

  tell(sign: HealthSignal): void {
    this.#wear(sign);
    if (this.#health.sickness !== null) return;
    this.#health = healthAfter(sign, this.#health);
    if (this.#health.sickness !== null) this.#spell.abort(this.#health.sickness);
  }

  /** It takes work again, on probation. */
  recover(): void {
    this.#health = ON_PROBATION;
    this.#spell = new AbortController();
  }

  #wear({ kind }: HealthSignal): void {
    if (kind === 'ran') this.#ran += 1;
    if (this.#ran < (this.#service.recycleAfter ?? Infinity)) return;
    this.#worn.abort(`This worker has run ${this.#ran} files: it leaves, to be restarted.`);
  }
}
