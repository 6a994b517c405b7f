/** The number of the file in its workflow and of its dispatch, both from 1. */
type Numbers = { readonly number: number; readonly dispatch: number };

/** What else tells activities of the same dispatch apart. */
type Variant = { readonly more?: number; readonly isCopy?: true; readonly preferred?: string };

/** The id of an attempt: `f12.1` is the first dispatch of the twelfth file of its workflow. */
export function attemptIdOf({ number, dispatch }: Numbers): string {
  return `f${number}.${dispatch}`;
}

/**
 * The id of an activity: `f12.1` runs the twelfth file alone, `f12.1+7` runs it and seven more; `f12.1c` is its speculative
 * attempt, `f12.1p` goes to a preferred worker.
 */
export function activityIdOf(first: Numbers, { more = 0, isCopy, preferred }: Variant = {}): string {
  return `${attemptIdOf(first)}${more > 0 ? `+${more}` : ''}${isCopy ? 'c' : ''}${preferred === undefined ? '' : 'p'}`;
}

/** The id of the attempt that an activity belongs to: without the suffixes for a preferred worker and a speculative attempt. */
export function attemptIdIn(activityId: string): string {
  return activityId.replace(/[cp]+$/, '');
}
