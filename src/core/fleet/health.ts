import { DEFAULTS } from '../defaults.js';

/** What a piece of work tells about the health of its worker. A red test counts as `ran`, because its process ran. */
export type HealthSignal =
  | { readonly kind: 'ran' }
  /** `work` could not run, and the machine may be the cause. */
  | { readonly kind: 'refused'; readonly work: string; readonly reason: string }
  /** Nothing can run on this machine. */
  | { readonly kind: 'unfit'; readonly reason: string };

export type Health = {
  /** Consecutive pieces of work that could not run, oldest first. */
  readonly refused: readonly string[];
  /** It has just rested: a single refusal makes it sick again. */
  readonly isOnProbation: boolean;
  /** Why it takes no work; null if it is healthy. */
  readonly sickness: string | null;
};

export const HEALTHY: Health = { refused: [], isOnProbation: false, sickness: null };
export const ON_PROBATION: Health = { ...HEALTHY, isOnProbation: true };

/**
 * The health of a worker after a piece of work. It is sick if several files in a row could not run, or one file several times.
 * That file may fail to run anywhere, but a machine that refuses it within milliseconds would use up its loss budget while other
 * machines are busy.
 */
export function healthAfter(signal: HealthSignal, { refused: before, isOnProbation }: Health): Health {
  switch (signal.kind) {
    case 'ran':
      return HEALTHY;
    case 'unfit':
      return { refused: before, isOnProbation, sickness: signal.reason };
    case 'refused': {
      const refused = [...before, signal.work];
      const { files, times } = DEFAULTS.refusals;
      const isSick = isOnProbation || new Set(refused).size >= files || refused.length >= times;
      return {
        refused,
        isOnProbation,
        sickness: isSick ? `${refused.length} in a row could not be run: ${signal.reason}` : null,
      };
    }
  }
}
