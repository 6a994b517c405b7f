/** Storage for large data: output, reports, plans. Keys are `/`-separated, such as `runs/<suite>/<run>/report.json`. */
export interface ObjectStore {
  /** Writes an object atomically, replacing any previous one. */
  put(key: string, content: Uint8Array | string): Promise<void>;
  /** Returns null if there is no such object. */
  get(key: string): Promise<Uint8Array | null>;
  /** Removes every object whose key begins with this one and a slash. */
  removeBelow(key: string): Promise<void>;
  /** Of those, only objects that were last written before this time, in epoch ms. */
  removeOlder(key: string, beforeMs: number): Promise<void>;
}
