import { z } from 'zod/mini';

/*
 * Schemas of all values that cross a border: Temporal's payloads, the results store, the object store. What arrives was perhaps sent by
 * another version of Holdfast or by a bug, so it is parsed where it enters. Fields that a schema does not know are dropped.
 */
export { z };

/** The values of a schema, read-only. */
export type Values<S extends z.ZodMiniType> = Plain<z.output<S>>;

/** Read-only all the way down, and intersections as one object, so that two types can be compared. */
export type Plain<T> = T extends object ? { readonly [K in keyof T]: Plain<T[K]> } : T;

type IsSame<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
type Differs<A, B> = { readonly schema: A; readonly differsFrom: B };

/** Checks that a schema is that of the type T: the compiler finds a field that one of the two lacks or has otherwise. */
export const schemaOf =
  <T>() =>
  <S extends z.ZodMiniType>(
    schema: S & (IsSame<Plain<z.output<S>>, Plain<T>> extends true ? unknown : Differs<Plain<z.output<S>>, Plain<T>>),
  ): z.ZodMiniType<T> =>
    schema as z.ZodMiniType as z.ZodMiniType<T>; // The same but for `readonly`.

/** A field that older versions do not send: they mean this value. The histories in test/replay need it of fields that are added. */
export const sinceLater = z._default;

/** A schema of values of the type T, as `parse` takes it. */
export type Schema<T> = z.ZodMiniType<T>;

export type Parsed<T> = { readonly kind: 'good'; readonly value: T } | { readonly kind: 'malformed'; readonly why: string };

/** Parses a value. `why` names the first place that is wrong, such as `0.outcome.kind: invalid union`. */
export function parse<T>(schema: Schema<T>, value: unknown): Parsed<T> {
  const { success, data, error } = z.safeParse(schema, value);
  if (success) return { kind: 'good', value: data };
  const [issue] = error.issues;
  if (issue === undefined) return { kind: 'malformed', why: 'it is malformed' };
  const place = issue.path.length === 0 ? 'it' : issue.path.map(String).join('.');
  const expected =
    issue.code === 'invalid_type' ? `is no ${issue.expected}` : `is malformed (${issue.code.replaceAll('_', ' ')})`;
  return { kind: 'malformed', why: `${place} ${expected}` };
}
