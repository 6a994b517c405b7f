/** Where large things live: output, reports, plans. Keys are `/`-separated, such as `runs/<suite>/<run>/report.json`. */
export interface ObjectStore {
  /** Written whole or not at all; written again it is replaced. */
  put(key: string, content: Uint8Array | string): Promise<void>;
  /** null when there is no such object. */
  get(key: string): Promise<Uint8Array | null>;
}
