/** Environment variables of a process. Undefined means unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of Holdfast and Temporal: addresses, keys, database passwords. Tests never get them. */
const OURS = /^(TEMPORAL|HOLDFAST)_/;

/**
 * The environment of tests: the worker's variables (or only those named in `pass`), those that the suite sets, and those that
 * describe the attempt. The worker's own TEMPORAL_ and HOLDFAST_ variables never pass, not even if named.
 */
export function testEnvironment(
  worker: Environment,
  { pass, set }: { readonly pass?: readonly string[]; readonly set?: Readonly<Record<string, string>> },
  attempt: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const names = pass ?? Object.keys(worker);
  const environment: Record<string, string> = {};
  for (const name of names) {
    const value = worker[name];
    if (value !== undefined && !OURS.test(name)) environment[name] = value;
  }
  return { ...environment, ...set, ...attempt };
}
