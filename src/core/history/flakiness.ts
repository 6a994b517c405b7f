/** The results of a file, or of a case in it, in one run, over all its attempts. */
export type Observation = {
  readonly path: string;
  /** Name of the case, from the outermost group; null for the file itself. */
  readonly name: readonly string[] | null;
  readonly runId: string;
  readonly commit: string | null;
  /** Start of the run, epoch ms. */
  readonly atMs: number;
  /** Classes of the machines on which it was red. */
  readonly machines: readonly string[];
  readonly hasPassed: boolean;
  readonly hasFailed: boolean;
};

/** A rate with its 95 % confidence interval, 0 to 1. */
export type Rate = { readonly rate: number; readonly low: number; readonly high: number };

/** A file or case that was red. */
export type Suspect = {
  readonly path: string;
  readonly name: readonly string[] | null;
  /** `flaky`: both outcomes on one commit. `broken`: red in several runs since its last pass. `failing`: red, neither proven. */
  readonly kind: 'flaky' | 'broken' | 'failing';
  /** Runs with a result for it. */
  readonly runs: number;
  /** Runs in which it was red. */
  readonly failures: number;
  /** How often it is red by chance: the share of red runs among those on commits that are known to pass. */
  readonly flakiness: Rate;
  readonly firstSeen: { readonly runId: string; readonly commit: string | null; readonly atMs: number };
  readonly lastSeen: { readonly runId: string; readonly commit: string | null; readonly atMs: number };
  readonly machines: readonly string[];
};

/** Everything that was red: flaky first, by rate, then broken, then failing. Observations may be in any order. */
export function suspectsOf(observations: readonly Observation[]): readonly Suspect[] {
  const subjects = new Map<string, Observation[]>();
  for (const observation of observations) {
    const { path, name } = observation;
    if (name?.length === 1 && name[0] === path) continue; // A case that stands for its whole file adds nothing.
    const key = JSON.stringify([path, name]);
    const history = subjects.get(key);
    if (history) history.push(observation);
    else subjects.set(key, [observation]);
  }
  return [...subjects.values()]
    .flatMap((history) => suspectOf(history.toSorted((a, b) => a.atMs - b.atMs)))
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.flakiness.rate - a.flakiness.rate || compare(a, b));
}

const KINDS: readonly Suspect['kind'][] = ['flaky', 'broken', 'failing'];

function compare(a: Suspect, b: Suspect): number {
  const [keyA, keyB] = [JSON.stringify([a.path, a.name]), JSON.stringify([b.path, b.name])];
  return keyA < keyB ? -1 : Number(keyA > keyB);
}

/** Empty if nothing was red. */
function suspectOf(oldestFirst: readonly Observation[]): Suspect[] {
  const red = oldestFirst.filter(({ hasFailed }) => hasFailed);
  const [firstRed] = red;
  const lastRed = red.at(-1);
  if (firstRed === undefined || lastRed === undefined) return [];
  const passing = new Set(oldestFirst.filter(({ hasPassed }) => hasPassed).map(commitOf));
  const onPassing = oldestFirst.filter((observation) => passing.has(commitOf(observation)));
  const byChance = onPassing.filter(({ hasFailed }) => hasFailed);
  const sinceMs = oldestFirst.findLast(({ hasPassed }) => hasPassed)?.atMs ?? Number.NEGATIVE_INFINITY;
  const stillRed = oldestFirst.filter(({ atMs }) => atMs > sinceMs);
  const isBroken = stillRed.length > 1;
  const kind = isBroken ? 'broken' : byChance.length > 0 ? 'flaky' : 'failing';
  const [first = firstRed] = kind === 'broken' ? stillRed : kind === 'flaky' ? byChance : red;
  const last = (kind === 'flaky' ? byChance.at(-1) : undefined) ?? lastRed;
  return [
    {
      path: firstRed.path,
      name: firstRed.name,
      kind,
      runs: oldestFirst.length,
      failures: red.length,
      flakiness: wilson(byChance.length, onPassing.length),
      firstSeen: momentOf(first),
      lastSeen: momentOf(last),
      machines: [...new Set(red.flatMap(({ machines }) => machines))].sort(),
    },
  ];
}

/** A run without a known commit counts as a commit of its own, so that no conclusion spans two such runs. */
const commitOf = ({ commit, runId }: Observation) => commit ?? `run ${runId}`;
const momentOf = ({ runId, commit, atMs }: Observation) => ({ runId, commit, atMs });

/** The share of `hits` in `tries` with its 95 % Wilson interval, which also holds for few tries. Without tries: 0 to 1. */
export function wilson(hits: number, tries: number): Rate {
  if (tries === 0) return { rate: 0, low: 0, high: 1 };
  const z = 1.959964;
  const rate = hits / tries;
  const scale = 1 + z ** 2 / tries;
  const middle = rate + z ** 2 / (2 * tries);
  const reach = z * Math.sqrt((rate * (1 - rate)) / tries + z ** 2 / (4 * tries ** 2));
  // Rounding may exceed the range at both ends.
  return {
    rate,
    low: Math.max(0, Math.min(rate, (middle - reach) / scale)),
    high: Math.min(1, Math.max(rate, (middle + reach) / scale)),
  };
}
