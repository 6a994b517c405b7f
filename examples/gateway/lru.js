/** Keeps the answers used last, at most `size` of them. A Map remembers the order of insertion: the oldest is first. */
export class LruCache {
  #answers = new Map();

  constructor(size) {
    this.size = size;
  }

  get(key) {
    if (!this.#answers.has(key)) return undefined;
    const answer = this.#answers.get(key);
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  set(key, answer) {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    if (this.#answers.size > this.size) this.#answers.delete(this.#answers.keys().next().value);
  }

  /** From the one used longest ago to the one used last. */
  keys() {
    return [...this.#answers.keys()];
  }
}
