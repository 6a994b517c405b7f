/** Variables of a process. One without a value is not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of Holdfast and Temporal themselves: addresses, keys, database passwords. No test is given them. */
const OURS = /^(TEMPORAL|HOLDFAST)_/;

/**
 * The environment tests run in: what the worker has (or only the names that may pass), what the suite sets, and what Holdfast tells
 * about the attempt. Secrets of Holdfast itself never pass, not even when named.
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
