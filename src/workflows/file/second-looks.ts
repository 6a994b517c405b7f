import { condition } from '@temporalio/workflow';
import type { AttemptOutcome, AttemptRecord } from '../../core/model/attempt.js';
import { isUnexplained, leftMs, mayLook } from '../../core/schedule/second-look.js';

type LooksOf = {
  readonly isOn: boolean;
  /** Look as soon as a file is red, because the run stops after some red ones. */
  readonly isAtOnce: boolean;
  readonly planned: number;
  /** Files with the verdict `failed`. */
  readonly failed: () => number;
  /** Files without a verdict. */
  readonly open: () => number;
  readonly startedAtMs: number;
  /** The files in the framework's own order, if its command runs them all in one process; else null. */
  readonly inOrder: readonly string[] | null;
};

/**
 * Second looks at the files of a run (or batch) that are red, but perhaps only because of other files: one at a time, when all other
 * files have their verdict, as only then the run knows whether its build is broken.
 */
export class SecondLooks {
  readonly #of: LooksOf;
  readonly #waiting = new Set<{ readonly isUnexplained: boolean }>();
  #spentMs = 0;
  #runMs: number | null = null;

  constructor(looksOf: LooksOf) {
    this.#of = looksOf;
  }

  get isOn(): boolean {
    return this.#of.isOn;
  }

  /** The files that the framework's own command runs before this one, in the same process. */
  before(path: string): readonly string[] {
    const { inOrder } = this.#of;
    return inOrder?.slice(0, inOrder.indexOf(path)) ?? [];
  }

  /** How long the next look may take, in ms. */
  get leftMs(): number {
    return leftMs({ spentMs: this.#spentMs, runMs: this.#runMs ?? 0 });
  }

  /** Waits for the file's turn. Returns whether it gets its look. */
  async ask(last: AttemptOutcome | undefined, { isAtOnce }: { readonly isAtOnce: boolean }): Promise<boolean> {
    const { planned, failed, open, startedAtMs } = this.#of;
    const file = { isUnexplained: isUnexplained(last) };
    this.#waiting.add(file);
    try {
      const isTurn = () => open() === this.#waiting.size; // A file that is being looked at is open and does not wait.
      if (!isAtOnce && !this.#of.isAtOnce) while (!isTurn()) await condition(isTurn); // Another one may have been quicker.
      const red = failed() + [...this.#waiting].filter((waiting) => waiting.isUnexplained).length;
      this.#runMs ??= Date.now() - startedAtMs;
      return mayLook({ planned, red, spentMs: this.#spentMs, runMs: this.#runMs });
    } finally {
      this.#waiting.delete(file);
    }
  }

  /** Makes a look; what it takes is spent. */
  async time(
    look: () => Promise<readonly AttemptRecord[]>,
  ): Promise<{ readonly records: readonly AttemptRecord[]; readonly copy?: never }> {
    const startedAtMs = Date.now();
    try {
      return { records: await look() };
    } finally {
      this.#spentMs += Date.now() - startedAtMs;
    }
  }
}
