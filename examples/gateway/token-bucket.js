/** Lets `perSecond` requests through on average and up to `burst` at once. */
export class TokenBucket {
  #tokens;
  #filledAtMs;

  constructor({ perSecond, burst, now = performance.now.bind(performance) }) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.now = now;
    this.#tokens = burst;
    this.#filledAtMs = now();
  }

  /** Takes a token if there is one. */
  take() {
    this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** How long until there is a token; 0 when there is one. */
  waitMs() {
    this.#fill();
    return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.perSecond) * 1_000;
  }

  #fill() {
    const nowMs = this.now();
    this.#tokens = Math.min(this.burst, this.#tokens + ((nowMs - this.#filledAtMs) / 1_000) * this.perSecond);
    this.#filledAtMs = nowMs;
  }
}
