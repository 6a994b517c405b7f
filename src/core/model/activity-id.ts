/** What an activity's id tells: which file of its workflow, and which dispatch of it, both from 1. */
type Dispatch = { readonly number: number; readonly dispatch: number; readonly isCopy?: true; readonly preferred?: string };

/** Short and stable: `f12.1` is the first dispatch of the twelfth file of its workflow, `f12.1c` its copy, `f12.1p` the same asked of one worker. */
export function activityIdOf({ number, dispatch, isCopy, preferred }: Dispatch): string {
  return `f${number}.${dispatch}${isCopy ? 'c' : ''}${preferred === undefined ? '' : 'p'}`;
}

/** `f12.1+7` runs the twelfth file and seven more. */
export function activityIdOfChunk(first: Dispatch, count: number): string {
  return `${activityIdOf(first)}+${count - 1}`;
}

/** The dispatch an activity belongs to, whether it was asked of one worker or not, and whether it is the copy. */
export function dispatchOf(activityId: string): string {
  return activityId.replace(/[cp]+$/, '');
}
