/** What the SDK writes when a workflow throws something that nobody awaits, or does otherwise than its history: a bug, each time. */
const FAILED = /^.*Failing workflow task.*$/m;
const CONTEXT_CHARACTERS = 2_000;

/** Fails if the log of a control worker tells of a workflow task that has failed. */
export function checkWorkflowTasks(log: string): void {
  const found = FAILED.exec(log);
  if (found !== null) throw new Error(`A workflow has a bug: ${log.slice(found.index, found.index + CONTEXT_CHARACTERS)}`);
}
