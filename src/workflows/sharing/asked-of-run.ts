import { condition, setHandler } from '@temporalio/workflow';
import type { Allowance, Allowances, Shared } from '../../core/schedule/allowance.js';
import { answerBatch } from '../messages.js';

/** What a batch shares with the others of its run, which keeps it: each piece is asked for. null: there is no limit. */
export function askedOfRun(limits: Readonly<Record<Shared, number | null>>, ask: (what: Shared) => void): Allowances {
  const asked = {
    repeats: new Asked(limits.repeats, () => ask('repeats')),
    copies: new Asked(limits.copies, () => ask('copies')),
  };
  setHandler(answerBatch, (what, isGranted) => asked[what].answered(isGranted));
  return asked;
}

class Asked implements Allowance {
  readonly limit: number;
  readonly #ask: () => void;
  #questions = 0;
  readonly #answers: boolean[] = [];

  constructor(limit: number | null, ask: () => void) {
    this.limit = limit ?? Number.POSITIVE_INFINITY;
    this.#ask = ask;
  }

  get isUsedUp(): boolean {
    return this.#answers.includes(false);
  }

  async take(): Promise<boolean> {
    if (this.limit === Number.POSITIVE_INFINITY) return true;
    if (this.isUsedUp) return false;
    const question = this.#questions;
    this.#questions += 1;
    this.#ask();
    await condition(() => this.#answers.length > question);
    return this.#answers[question] === true;
  }

  answered(isGranted: boolean): void {
    this.#answers.push(isGranted);
  }
}
