import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';

/**
 * Does work in a scope of its own that is cancelled when `isStopped` becomes true: undefined then. A cancellation from outside is still
 * thrown.
 */
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
