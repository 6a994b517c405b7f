/** A worker by name, how many test files it runs at once, and whether it does. */
export type WorkerIdentity = {
  /** `host/pid`. */
  readonly worker: string;
  readonly slots: number;
  /** Why it takes no work; null while it does. */
  readonly sick: string | null;
};

/** Server: identities above 1,000 bytes are refused; a character may take nine. */
const REASON_CHARACTERS = 80;

/** The identity a worker polls with: who looks at a task queue's pollers sees the fleet, without any registry. */
export function identityOf({ worker, slots, sick }: WorkerIdentity): string {
  const polls = `${worker} slots=${slots}`;
  return sick === null ? polls : `${polls} sick=${encodeURIComponent([...sick].slice(0, REASON_CHARACTERS).join(''))}`;
}

/** null for pollers that are no workers of ours. */
export function parseIdentity(text: string): WorkerIdentity | null {
  const [, worker, slots, sick] = /^(\S+) slots=(\d+)(?: sick=(\S+))?$/.exec(text) ?? [];
  return worker === undefined
    ? null
    : { worker, slots: Number(slots), sick: sick === undefined ? null : decodeURIComponent(sick) };
}
