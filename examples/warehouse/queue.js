/** Orders by urgency: a binary heap. Equal ones leave in the order they came. */
export class PickQueue {
  #heap = [];
  #arrivals = 0;

  get size() {
    return this.#heap.length;
  }

  push(order, urgency) {
    this.#arrivals += 1;
    this.#heap.push({ order, urgency, arrival: this.#arrivals });
    let at = this.#heap.length - 1;
    while (at > 0 && before(this.#heap[at], this.#heap[(at - 1) >> 1])) {
      this.#swap(at, (at - 1) >> 1);
      at = (at - 1) >> 1;
    }
  }

  /** The most urgent order; undefined when there is none. */
  pop() {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || this.#heap.length === 0) return first?.order;
    this.#heap[0] = last;
    for (let at = 0; ; ) {
      const children = [2 * at + 1, 2 * at + 2].filter((child) => child < this.#heap.length);
      const next = children.reduce((best, child) => (before(this.#heap[child], this.#heap[best]) ? child : best), at);
      if (next === at) return first.order;
      this.#swap(at, next);
      at = next;
    }
  }

  #swap(a, b) {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b], this.#heap[a]];
  }
}

const before = (a, b) => a.urgency > b.urgency || (a.urgency === b.urgency && a.arrival < b.arrival);
