/** A worker as its polls describe it. */
export type WorkerIdentity = {
  /** `host/pid`. */
  readonly worker: string;
  readonly slots: number;
  /** Memory of its machine or container, in MB (2^20 bytes); null if unknown. */
  readonly memoryMb: number | null;
  /** Why it takes no work; null if it does. */
  readonly sick: string | null;
};

/** The server rejects identities above 1,000 bytes; an encoded character may take nine. */
const REASON_CHARACTERS = 80;

/** The identity that a worker polls with. The pollers of a task queue thus list the fleet; no registry is needed. */
export function identityOf({ worker, slots, memoryMb, sick }: WorkerIdentity): string {
  const identity = `${worker} slots=${slots}${memoryMb === null ? '' : ` mem=${memoryMb}`}`;
  return sick === null ? identity : `${identity} sick=${encodeURIComponent([...sick].slice(0, REASON_CHARACTERS).join(''))}`;
}

/** Parses an identity; null for pollers that are not Holdfast workers. */
export function parseIdentity(text: string): WorkerIdentity | null {
  const [, worker, slots, memory, sick] = /^(\S+) slots=(\d+)(?: mem=(\d+))?(?: sick=(\S+))?$/.exec(text) ?? [];
  const reason = sick === undefined ? null : decoded(sick);
  if (worker === undefined || reason === undefined) return null;
  return {
    worker,
    slots: Number(slots),
    memoryMb: memory === undefined ? null : Number(memory),
    sick: reason,
  };
}

/** undefined for a text that no worker has encoded: whoever polls may call himself as he likes. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
