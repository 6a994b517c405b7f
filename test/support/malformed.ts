import type { AttemptRecord } from '../../src/core/model/attempt.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Path = readonly (string | number)[];

/** The record of an attempt that passed, with nothing in it that may be missing. */
export const aPass = (worker: string): AttemptRecord => ({
  worker,
  startedAtMs: Date.now(),
  outcome: {
    kind: 'passed',
    durationMs: 1,
    exitCode: 0,
    signal: null,
    counts: { passed: 1, failed: 0, skipped: 0 },
    failures: [{ name: ['a case'], message: '' }],
    outputTail: '',
    output: null,
    report: { kind: 'inline', value: [{ name: ['a case'], status: 'passed', durationMs: 1, message: null }] },
  },
});

/** Breaks a value of a form without booleans and without optional fields, in one random place. */
export function broken(value: unknown, random: () => number): unknown {
  const whole = JSON.parse(JSON.stringify(value)) as Json;
  const oneOf = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const path = oneOf(pathsOf(whole));
  const replacement = oneOf<Json | undefined>([true, { wat: 1 }, [{ wat: [1] }], path.at(-1) === 'kind' ? 'wat' : undefined]);
  // An item of a list may be missing.
  return replaced(whole, path, replacement === undefined && typeof path.at(-1) !== 'string' ? false : replacement);
}

function pathsOf(value: Json, path: Path = []): Path[] {
  const entries: [string | number, Json][] = Array.isArray(value)
    ? [...value.entries()]
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  return [path, ...entries.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

/** undefined removes it. */
function replaced(value: Json, [key, ...rest]: Path, replacement: Json | undefined): Json | undefined {
  if (key === undefined) return replacement;
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? (replaced(item, rest, replacement) ?? null) : item));
  if (typeof value !== 'object' || value === null) throw new Error('There is no such place.');
  const { [key]: old = null, ...others } = value as { readonly [key: string]: Json };
  const item = replaced(old, rest, replacement);
  return item === undefined ? others : { ...others, [key]: item };
}
