import type { Parcel } from '../../core/model/parcel.js';
import { objectKey } from './object-key.js';
import type { ObjectStore } from './object-store.js';

/** The object store as activities use it: places are named by their parts, and small values never leave the message. */
export interface Parcels {
  /** Stores a text and returns its address. */
  store(place: readonly string[], text: string): Promise<string>;
  /** Leaves a value in the message when it takes at most `inlineBytes`, and stores it otherwise. */
  pack<T>(place: readonly string[], value: T, inlineBytes: number): Promise<Parcel<T>>;
  /** The value of a parcel; null when its object cannot be found: writer and reader use different stores. */
  unpack<T>(parcel: Parcel<T>): Promise<T | null>;
}

export function createParcels(objects: ObjectStore): Parcels {
  const store = async (place: readonly string[], text: string) => {
    const address = objectKey(...place);
    await objects.put(address, text);
    return address;
  };
  return {
    store,
    async pack(place, value, inlineBytes) {
      const text = JSON.stringify(value);
      if (Buffer.byteLength(text) <= inlineBytes) return { kind: 'inline', value };
      return { kind: 'stored', address: await store(place, text) };
    },
    async unpack<T>(parcel: Parcel<T>) {
      if (parcel.kind === 'inline') return parcel.value;
      const bytes = await objects.get(parcel.address);
      return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T); // Written by `pack`, at an address of its own.
    },
  };
}
