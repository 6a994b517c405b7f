import { DEFAULTS } from '../defaults.js';

/** What a piece of work says about the health of its worker. A red test says nothing, because its process ran. */
export type HealthSignal =
  | { readonly kind: 'ran' }
  /** `work` could not run, possibly because of the machine. */
  | { readonly kind: 'refused'; readonly work: string; readonly reason: string }
  /** Nothing can run on this machine. */
  | { readonly kind: 'unfit'; readonly reason: string };

export type Health = {
  /** Consecutive work that could not run, oldest first. */
  readonly refused: readonly string[];
  /** It has just rested: a single refusal is enough to make it sick again. */
  readonly isOnProbation: boolean;
  /** Why it takes no work; null if it is healthy. */
  readonly sickness: string | null;
};

export const HEALTHY: Health = { refused: [], isOnProbation: false, sickness: null };
export const ON_PROBATION: Health = { ...HEALTHY, isOnProbation: true };

/**
 * The health of a worker after a piece of work. It is sick when several files in a row could not run, or one file several times.
 * That file may be missing everywhere, but a machine that refuses it within milliseconds would use up its budget while other
 * machines are busy.
 */
export function healthAfter(sign: HealthSignal, { refused: before, isOnProbation }: Health): Health {
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
