/** The right to work on a file: the server confirms it again and again, and nobody else has it until it runs out. */
export interface Lease {
  /** Aborted with a Stop when the work must end. */
  readonly signal: AbortSignal;
  /** Epoch of the machine's monotonic clock (`process.hrtime`), ms: one clock for all its processes. */
  readonly expiresAtMs: number;
  /** Called with each new expiry. Returns how to stop listening. */
  onRenewal(listener: (expiresAtMs: number) => void): () => void;
}
