/** Something that travels inside a message while it is small, and by its address in the object store otherwise. */
export type Parcel<T> = { readonly kind: 'inline'; readonly value: T } | { readonly kind: 'stored'; readonly address: string };
