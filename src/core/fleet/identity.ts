/** A worker by name, how many test files it runs at once and in how much memory, and whether it does. */
export type WorkerIdentity = {
  /** `host/pid`. */
  readonly worker: string;
  readonly slots: number;
  /** Memory of its machine, or of its share of one, in MB (2^20 bytes); null where it does not tell. */
  readonly memoryMb: number | null;
  /** Why it takes no work; null while it does. */
  readonly sick: string | null;
};

/** Server: identities above 1,000 bytes are refused; a character may take nine. */
const REASON_CHARACTERS = 80;

/** The identity a worker polls with: who looks at a task queue's pollers sees the fleet, without any registry. */
export function identityOf({ worker, slots, memoryMb, sick }: WorkerIdentity): string {
  const polls = `${worker} slots=${slots}${memoryMb === null ? '' : ` mem=${memoryMb}`}`;
  return sick === null ? polls : `${polls} sick=${encodeURIComponent([...sick].slice(0, REASON_CHARACTERS).join(''))}`;
}

/** null for pollers that are no workers of ours. */
export function parseIdentity(text: string): WorkerIdentity | null {
  const [, worker, slots, memory, sick] = /^(\S+) slots=(\d+)(?: mem=(\d+))?(?: sick=(\S+))?$/.exec(text) ?? [];
  if (worker === undefined) return null;
  return {
    worker,
    slots: Number(slots),
    memoryMb: memory === undefined ? null : Number(memory),
    sick: sick === undefined ? null : decodeURIComponent(sick),
  };
}
