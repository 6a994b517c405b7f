/** The exclusive right to work on a file. Each confirmed heartbeat renews it; until it expires, no other worker has the file. */
export interface Lease {
  /** Aborts, with a Stop as its reason, when the work must stop. */
  readonly signal: AbortSignal;
  /** In ms of the machine's monotonic clock (`process.hrtime`), which is the same for all its processes. */
  readonly expiresAtMs: number;
  /** Calls the listener with each new expiry. Returns a function that removes the listener. */
  onRenewal(listener: (expiresAtMs: number) => void): () => void;
}
