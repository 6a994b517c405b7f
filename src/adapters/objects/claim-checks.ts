import { received, type Schema } from '../../core/border/index.js';
import type { ClaimCheck } from '../../core/model/claim-check.js';
import { objectKey } from './object-key.js';
import type { ObjectStore } from './object-store.js';

/** The claim-check pattern over the object store: large values are stored and travel as an address, small ones travel in the message. */
export interface ClaimChecks {
  /** Stores a text, or bytes, under a place, given as its parts, and returns the address. */
  store(place: readonly string[], content: string | Uint8Array): Promise<string>;
  /** Keeps a value inline if its JSON takes at most `inlineBytes`; stores it otherwise. */
  pack<T>(place: readonly string[], value: T, inlineBytes: number): Promise<ClaimCheck<T>>;
  /**
   * Resolves a check to its value; null if the object is missing, which means that writer and reader use different stores. Throws
   * MALFORMED if it is not of this form.
   */
  unpack<T>(check: ClaimCheck<T>, schema: Schema<T>): Promise<T | null>;
  /** The value at a place, as `unpack` reads it. */
  readFrom<T>(place: readonly string[], schema: Schema<T>): Promise<T | null>;
  /** The bytes at an address; null if there are none. */
  read(address: string): Promise<Uint8Array | null>;
  /** Removes all that is stored below a place, or, of that, what was stored before a time in epoch ms. */
  remove(place: readonly string[], beforeMs?: number): Promise<void>;
}

export function createClaimChecks(objects: ObjectStore): ClaimChecks {
  const store = async (place: readonly string[], content: string | Uint8Array) => {
    const address = objectKey(...place);
    await objects.put(address, content);
    return address;
  };
  const at = async <T>(address: string, schema: Schema<T>) => {
    const bytes = await objects.get(address);
    return bytes === null ? null : received(schema, fromJson(Buffer.from(bytes).toString('utf8')), `The object ${address}`);
  };
  return {
    store,
    readFrom: (place, schema) => at(objectKey(...place), schema),
    read: (address) => objects.get(address),
    remove(place, beforeMs) {
      const key = objectKey(...place);
      return beforeMs === undefined ? objects.removeBelow(key) : objects.removeOlder(key, beforeMs);
    },
    async pack(place, value, inlineBytes) {
      const text = JSON.stringify(value);
      if (Buffer.byteLength(text) <= inlineBytes) return { kind: 'inline', value };
      return { kind: 'stored', address: await store(place, text) };
    },
    unpack: async (check, schema) => (check.kind === 'inline' ? check.value : at(check.address, schema)),
  };
}

/** undefined for a text that is no JSON: that is no value of any schema. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
