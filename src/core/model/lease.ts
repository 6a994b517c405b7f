/** The exclusive right to work on a file. The server renews it with each beat; until it expires, nobody else has it. */
export interface Lease {
  /** Aborted with a Stop as its reason when the work must end. */
  readonly signal: AbortSignal;
  /** In ms of the machine's monotonic clock (`process.hrtime`), which all its processes share. */
  readonly expiresAtMs: number;
  /** Calls the listener with each new expiry. Returns a function that removes it. */
  onRenewal(listener: (expiresAtMs: number) => void): () => void;
}
