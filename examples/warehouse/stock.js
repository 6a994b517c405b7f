/** What is in the warehouse. A reservation holds goods for a customer for a while; what is held cannot be promised twice. */
export class Stock {
  #onHand = new Map();
  #held = new Map();
  #now;

  constructor(now = Date.now) {
    this.#now = now;
  }

  receive(sku, quantity) {
    this.#onHand.set(sku, (this.#onHand.get(sku) ?? 0) + quantity);
  }

  available(sku) {
    const held = this.#valid().filter((reservation) => reservation.sku === sku);
    return (this.#onHand.get(sku) ?? 0) - held.reduce((sum, { quantity }) => sum + quantity, 0);
  }

  /** Throws RangeError when there is not enough. The same order again renews its reservation. */
  reserve(order, sku, quantity, holdMs) {
    const own = this.#held.get(order);
    this.#held.delete(order);
    if (this.available(sku) < quantity) {
      if (own !== undefined) this.#held.set(order, own);
      throw new RangeError(`Only ${this.available(sku)} of ${sku} are left.`);
    }
    this.#held.set(order, { sku, quantity, untilMs: this.#now() + holdMs });
  }

  /** The goods leave. Throws when the reservation has run out. */
  ship(order) {
    const reservation = this.#held.get(order);
    this.#held.delete(order);
    if (reservation === undefined || reservation.untilMs <= this.#now()) throw new Error(`${order} holds nothing.`);
    this.#onHand.set(reservation.sku, this.#onHand.get(reservation.sku) - reservation.quantity);
  }

  #valid() {
    return [...this.#held.values()].filter(({ untilMs }) => untilMs > this.#now());
  }
}
