/** What an activity's id tells: which file of its workflow, and which dispatch of it, both from 1. */
type Numbers = { readonly number: number; readonly dispatch: number };

/** What else tells activities of one dispatch apart. */
type Variant = { readonly more?: number; readonly isCopy?: true; readonly preferred?: string };

/** Of one file in a dispatch: `f12.1` is the first dispatch of the twelfth file of its workflow. */
export function attemptIdOf({ number, dispatch }: Numbers): string {
  return `f${number}.${dispatch}`;
}

/** Of the activity: `f12.1` runs the twelfth file alone, `f12.1+7` and seven more; `f12.1c` is its second copy, `f12.1p` asks one worker. */
export function activityIdOf(first: Numbers, { more = 0, isCopy, preferred }: Variant = {}): string {
  return `${attemptIdOf(first)}${more > 0 ? `+${more}` : ''}${isCopy ? 'c' : ''}${preferred === undefined ? '' : 'p'}`;
}

/** The attempt an activity belongs to, whether it asks one worker or not, and whether it is the copy. */
export function attemptIdIn(activityId: string): string {
  return activityId.replace(/[cp]+$/, '');
}
