/** Something that travels inside a message while it is small, and by its address in the object store otherwise. */
export type ClaimCheck<T> =
  | { readonly kind: 'inline'; readonly value: T }
  | { readonly kind: 'stored'; readonly address: string };

/** A list in one check, or in several that are read one after the other. */
export type ClaimChecks<T> =
  | ClaimCheck<readonly T[]>
  | { readonly kind: 'pieces'; readonly pieces: readonly ClaimCheck<readonly T[]>[] };
