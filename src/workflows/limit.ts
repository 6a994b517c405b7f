import { setHandler } from '@temporalio/workflow';
import { DEFAULTS } from '../core/defaults.js';
import { setMaxInFlight } from './messages.js';

/** How many attempts of the run may be in flight, as asked for at its start or changed since. */
export type Limit = { current: number | null; onChange: (limit: number | null) => void };

/** Lets the limit be changed while the run goes on. */
export function openLimit(initial: number | null): Limit {
  const limit: Limit = { current: initial, onChange: () => undefined };
  setHandler(
    setMaxInFlight,
    (wanted) => {
      limit.current = wanted;
      limit.onChange(wanted);
      return wanted;
    },
    {
      description: 'Changes how many test files may be in flight at once; null takes the limit away.',
      validator: (wanted) => {
        if (wanted === null) return;
        if (!Number.isInteger(wanted) || wanted < 1 || wanted > DEFAULTS.largestCount) {
          throw new Error(
            `The limit must be a whole number from 1 to ${DEFAULTS.largestCount}, or null; ${String(wanted)} is neither.`,
          );
        }
      },
    },
  );
  return limit;
}
