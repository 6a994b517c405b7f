/** Of the batches of a run: whose files have had their turn, and who waits for the word that all have. */
export class Turns {
  readonly #count: number;
  readonly #limit: () => number | null;
  readonly #tellAllAdmitted: (batch: number) => void;
  #begun = 0;
  readonly #admitted = new Set<number>();
  readonly #waiting = new Set<number>();

  /** `limit`: attempts that may be in flight; null for no limit, 0 while the run is paused. */
  constructor(count: number, of: { readonly limit: () => number | null; readonly tellAllAdmitted: (batch: number) => void }) {
    this.#count = count;
    this.#limit = of.limit;
    this.#tellAllAdmitted = of.tellAllAdmitted;
  }

  begins(batch: number): void {
    this.#begun = batch;
  }

  admitted(batch: number, isWaiting: boolean): void {
    this.#admitted.add(batch);
    if (isWaiting) this.#waiting.add(batch);
    this.#tellWhoWaits();
  }

  limitChanged(): void {
    this.#tellWhoWaits();
  }

  /** Under a limit batches follow one another: together they would exceed it. */
  mayBeginNext(batch: number): boolean {
    return this.#limit() === null && this.#admitted.has(batch);
  }

  /** A batch for whose end the next one waits must not wait for the next. */
  #tellWhoWaits(): void {
    const limit = this.#limit();
    const isNextWaiting = limit !== null && limit > 0 && this.#admitted.size === this.#begun;
    if (!isNextWaiting && this.#admitted.size < this.#count) return;
    for (const batch of this.#waiting) this.#tellAllAdmitted(batch);
    this.#waiting.clear();
  }
}
