/** What a file needs: with `files` before it, in this order, it is green. `isLeast`: without any one of them it is not. */
export type Isolated = { readonly files: readonly string[]; readonly isLeast: boolean; readonly runs: number };

/** Runs the file after these, in one process, and tells whether it is green. */
export type IsGreenAfter = (files: readonly string[]) => Promise<boolean>;

/**
 * Finds the least set of files after which a file is green, given that it is red by itself and green after all of `before`. Each
 * needed file is found by bisection: it ends the shortest beginning of the list that makes the file green, together with those found
 * already. At most `mostRuns` runs; if they do not suffice, the rest of the list stays in the set.
 */
export async function isolate(before: readonly string[], isGreenAfter: IsGreenAfter, mostRuns: number): Promise<Isolated> {
  let candidates = before;
  let found: readonly string[] = [];
  let runs = 0;
  const tryAfter = (beginning: number) => {
    runs += 1;
    return isGreenAfter([...candidates.slice(0, beginning), ...found]);
  };
  for (;;) {
    // Green after `most` candidates, red after fewer than `least`.
    let [least, most] = [0, candidates.length];
    while (least < most) {
      if (runs >= mostRuns) return { files: [...candidates.slice(0, most), ...found], isLeast: false, runs };
      const middle = Math.floor((least + most) / 2);
      if (await tryAfter(middle)) most = middle;
      else least = middle + 1;
    }
    const needed = candidates[most - 1];
    if (needed === undefined) return { files: found, isLeast: true, runs };
    found = [needed, ...found];
    candidates = candidates.slice(0, most - 1);
  }
}
