/** Something that travels inside a message while it is small, and by its address in the object store otherwise. */
export type Parcel<T> = { readonly kind: 'inline'; readonly value: T } | { readonly kind: 'stored'; readonly address: string };

/** A list in one parcel, or in several that are read one after the other. */
export type Parcels<T> = Parcel<readonly T[]> | { readonly kind: 'pieces'; readonly pieces: readonly Parcel<readonly T[]>[] };
