import type { ClaimCheck } from '../../core/model/claim-check.js';
import { objectKey } from './object-key.js';
import type { ObjectStore } from './object-store.js';

/** The object store as activities use it: places are named by their parts, and small values never leave the message. */
export interface ClaimChecks {
  /** Stores a text and returns its address. */
  store(place: readonly string[], text: string): Promise<string>;
  /** Leaves a value in the message when it takes at most `inlineBytes`, and stores it otherwise. */
  pack<T>(place: readonly string[], value: T, inlineBytes: number): Promise<ClaimCheck<T>>;
  /** The value of a check; null when its object cannot be found: writer and reader use different stores. */
  unpack<T>(check: ClaimCheck<T>): Promise<T | null>;
}

export function createClaimChecks(objects: ObjectStore): ClaimChecks {
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
    async unpack<T>(check: ClaimCheck<T>) {
      if (check.kind === 'inline') return check.value;
      const bytes = await objects.get(check.address);
      return bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as T); // Written by `pack`, at an address of its own.
    },
  };
}
