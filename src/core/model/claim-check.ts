/** A claim check: a value that travels inside the message if it is small, and otherwise by its address in the object store. */
export type ClaimCheck<T> =
  | { readonly kind: 'inline'; readonly value: T }
  | { readonly kind: 'stored'; readonly address: string };

/** A list under one claim check, or under several that are read in order. */
export type ClaimChecks<T> =
  | ClaimCheck<readonly T[]>
  | { readonly kind: 'pieces'; readonly pieces: readonly ClaimCheck<readonly T[]>[] };
