import { condition, sleep } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';

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

/**
 * A window of this size. For a moment at the start it is as wide as `opening`, one file for each slot (null: at once as it is): the server hands
 * what is scheduled at one moment to waiting workers in any order, whatever its priority.
 */
export function openWindow(size: () => number, opening: number | null): Window {
  let isOpening = opening !== null;
  const end = () => {
    isOpening = false;
  };
  if (isOpening) sleep(DEFAULTS.openingMs).then(end, end);
  return new Window(() => (isOpening && opening !== null ? Math.min(opening, size()) : size()));
}
