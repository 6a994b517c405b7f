/** What a call gets while the breaker is open. */
export class CircuitOpenError extends Error {
  name = 'CircuitOpenError';
}

/**
 * Spares a service that is down: after so many failures in a row every call fails at once. When it has rested, one call may try; its
 * end decides for the others.
 */
export class Breaker {
  #failures = 0;
  #openedAtMs = null;
  #isTrying = false;

  constructor({ failures, restMs, now = Date.now }) {
    Object.assign(this, { limit: failures, restMs, now });
  }

  async call(action) {
    if (this.#openedAtMs !== null) {
      if (this.#isTrying || this.now() - this.#openedAtMs < this.restMs) throw new CircuitOpenError('The service is resting.');
      this.#isTrying = true;
    }
    try {
      const result = await action();
      this.#failures = 0;
      this.#openedAtMs = null;
      return result;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures >= this.limit) this.#openedAtMs = this.now();
      throw error;
    } finally {
      this.#isTrying = false;
    }
  }
}
