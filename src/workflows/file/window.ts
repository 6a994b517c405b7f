import { condition } from '@temporalio/workflow';

/** The slots' worth of attempts that may be in flight. Longest first is made by scheduling late: a task queue keeps no order among what waits in it. */
export class Window {
  readonly #size: () => number;
  #used = 0;

  /** `size` may change at any time; at 0 nothing enters, at any other at least one file does, whatever it weighs. */
  constructor(size: () => number) {
    this.#size = size;
  }

  hasRoom(weight: number): boolean {
    const size = this.#size();
    return size > 0 && (this.#used === 0 || this.#used + weight <= size);
  }

  enter(weight: number): void {
    this.#used += weight;
  }

  leave(weight: number): void {
    this.#used -= weight;
  }

  /** Waits for room, and takes it. */
  async waitToEnter(weight: number): Promise<void> {
    while (!this.hasRoom(weight)) await condition(() => this.hasRoom(weight)); // Somebody else may have been woken too.
    this.enter(weight);
  }
}
