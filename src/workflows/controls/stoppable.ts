import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';

/** Runs work in its own scope, cancelled once `isStopped` is true; then returns undefined. Outside cancellation still throws. */
export async function stoppable<T>(isStopped: () => boolean, work: () => Promise<T>): Promise<T | undefined> {
  let isDone = false;
  const scope = new CancellationScope();
  const watch = condition(() => isDone || isStopped()).then(
    () => (isDone ? undefined : scope.cancel()),
    () => undefined,
  );
  try {
    return await scope.run(work);
  } catch (error) {
    if (!(isCancellation(error) && isStopped())) throw error;
    return undefined;
  } finally {
    isDone = true;
    await watch;
  }
}
