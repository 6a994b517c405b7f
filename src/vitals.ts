import { HEALTHY, type Health, healthAfter, ON_PROBATION, type Sign } from './core/health.js';

/** How a worker is while it lives. */
export class Vitals {
  #health: Health = HEALTHY;
  #spell = new AbortController();

  /** Of the time since it last took work again: aborted when it falls sick; the reason is a sentence. */
  get spell(): AbortSignal {
    return this.#spell.signal;
  }

  tell(sign: Sign): void {
    if (this.#health.sickness !== null) return;
    this.#health = healthAfter(sign, this.#health);
    if (this.#health.sickness !== null) this.#spell.abort(this.#health.sickness);
  }

  /** It takes work again, on probation. */
  recover(): void {
    this.#health = ON_PROBATION;
    this.#spell = new AbortController();
  }
}
