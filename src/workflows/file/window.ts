import { condition, sleep } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';

/** Limits the slots' worth of attempts in flight. Scheduling late keeps files in order, because task queues do not. */
export class Window {
  readonly #size: () => number;
  #used = 0;

  /** `size` may change at any time. At 0 nothing may enter; otherwise at least one file may, whatever its weight. */
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
    while (!this.hasRoom(weight)) await condition(() => this.hasRoom(weight)); // Another waiter may have taken the room.
    this.enter(weight);
  }
}

/**
 * A window of this size. For a moment at the start it is limited to `opening`, one file per slot (null: no such limit), because
 * the server hands tasks that are scheduled at the same time to waiting workers in any order, whatever their priority.
 */
export function openWindow(size: () => number, opening: number | null): Window {
  let isOpening = opening !== null;
  const endOpening = () => {
    isOpening = false;
  };
  if (isOpening) sleep(DEFAULTS.openingMs).then(endOpening, endOpening);
  return new Window(() => (isOpening && opening !== null ? Math.min(opening, size()) : size()));
}
