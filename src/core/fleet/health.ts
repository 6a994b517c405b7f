import { DEFAULTS } from '../defaults.js';

/** What a piece of work says of the worker that did it. A red test says nothing: its process ran. */
export type Sign =
  | { readonly kind: 'ran' }
  /** `work` could not be run, for a reason that may be the machine's. */
  | { readonly kind: 'refused'; readonly work: string; readonly reason: string }
  /** Nothing can be run on this machine. */
  | { readonly kind: 'unfit'; readonly reason: string };

export type Health = {
  /** What could not be run, in a row, oldest first. */
  readonly refused: readonly string[];
  /** Just back from a rest: one refusal is enough now. */
  readonly isOnProbation: boolean;
  /** Why it takes no work; null while it is well. */
  readonly sickness: string | null;
};

export const HEALTHY: Health = { refused: [], isOnProbation: false, sickness: null };
export const ON_PROBATION: Health = { ...HEALTHY, isOnProbation: true };

/**
 * The health of a worker after a piece of work. It is sick when several files in a row could not be run, or one of them again and again: one file alone may be missing everywhere, but
 * a machine that refuses it in no time would use up its budget while others are busy.
 */
export function healthAfter(sign: Sign, { refused: before, isOnProbation }: Health): Health {
  switch (sign.kind) {
    case 'ran':
      return HEALTHY;
    case 'unfit':
      return { refused: before, isOnProbation, sickness: sign.reason };
    case 'refused': {
      const refused = [...before, sign.work];
      const { files, times } = DEFAULTS.refusals;
      const isSick = isOnProbation || new Set(refused).size >= files || refused.length >= times;
      return { refused, isOnProbation, sickness: isSick ? `${refused.length} in a row could not be run: ${sign.reason}` : null };
    }
  }
}
