/** A worker by name, and how many test files it runs at once. */
export type WorkerIdentity = {
  /** `host/pid`. */
  readonly worker: string;
  readonly slots: number;
};

/** The identity a worker polls with: who looks at a task queue's pollers sees the size of the fleet, without any registry. */
export function identityOf({ worker, slots }: WorkerIdentity): string {
  return `${worker} slots=${slots}`;
}

/** null for pollers that are no workers of ours. */
export function parseIdentity(text: string): WorkerIdentity | null {
  const [, worker, slots] = /^(\S+) slots=(\d+)$/.exec(text) ?? [];
  return worker === undefined ? null : { worker, slots: Number(slots) };
}
