import { CancellationScope, isCancellation, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Plan, Problem } from '../../activities/control/index.js';
import type { Manifest, TestActivities } from '../../activities/run/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { REASONS } from '../../core/model/change.js';
import { runIdOf, type SuiteInput, type SuiteResult } from '../../core/model/suite.js';
import { allowancesOf } from '../../core/schedule/allowance.js';
import { bookkeeping } from '../bookkeeping.js';
import { FileOrders, takeFileOrders } from '../controls/file-orders.js';
import { Steering, takeSteering } from '../controls/steering.js';
import { stoppable } from '../controls/stoppable.js';
import { driveFiles } from '../file/drive-files.js';
import { progressQuery } from '../messages.js';
import { Board } from './board.js';
import { driveBatches } from './drive-batches.js';
import { problemOf } from './problem.js';
import { showInWebUi } from './web-ui.js';

/** Brings every test file of a suite to one verdict, through the loss of any worker. */
export async function runSuite(wish: SuiteInput): Promise<SuiteResult> {
  const input = wish.schedule === undefined ? wish : { ...wish, runId: runIdOf(workflowInfo().workflowId) };
  const board = new Board();
  const webUi = showInWebUi(board);
  if (input.schedule !== undefined) webUi.name(input.runId);
  const { finish } = bookkeeping(input.queues);
  setHandler(progressQuery, (cursor) => board.progress(cursor), {
    description: 'How far the run is; the argument is the last answer’s cursor.',
  });

  const steering = new Steering(board, input);
  takeSteering(steering, board);

  let isCancelled = false;
  let problem: Problem | null = null;
  try {
    await judgeAll(input, board, steering);
    if (board.phase !== 'running')
      problem = { message: `The run was stopped before it had a plan. ${board.stopReason}.`, code: null };
    // Where all files had been admitted, a cancellation ends their attempts and throws nothing here. One that came too late changes nothing.
    isCancelled = CancellationScope.current().consideredCancelled && board.totals().notRun > 0;
  } catch (error) {
    if (isCancellation(error)) isCancelled = true;
    else problem = problemOf(error);
  }

  board.phase = 'finishing';
  return CancellationScope.nonCancellable(async () => {
    const result = await finish({
      input,
      workflowId: workflowInfo().workflowId,
      commit: board.commit,
      batches: board.plan.batches,
      totals: board.totals(),
      cancelled: isCancelled,
      stopReason: whyStopped(input, board),
      changes: board.changes,
      problem,
      startedAtMs: board.startedAtMs,
      finishedAtMs: Date.now(),
      slots: board.slots,
      ...(board.plan.order && { order: board.plan.order }),
    });
    board.finish(result);
    webUi.finish(result);
    return result;
  });
}

/** From the list of files to a verdict for each. What is known stands on the board, however this ends. */
async function judgeAll(input: SuiteInput, board: Board, steering: Steering): Promise<void> {
  let isOver = false;
  const watch = steering
    .pastDeadline(() => isOver)
    .then(
      (reason) => {
        board.stopReason ??= reason;
      },
      () => undefined, // The run is cancelled: it ends anyway.
    );
  try {
    await stoppable(
      () => board.stopReason !== null && board.phase !== 'running', // Before there are files. Those that run end by themselves.
      () => judgeFiles(input, board, steering),
    );
  } finally {
    isOver = true;
    await watch;
  }
}

async function judgeFiles(input: SuiteInput, board: Board, steering: Steering): Promise<void> {
  const { plan: makePlan, openBatch } = bookkeeping(input.queues);

  const manifest = await discover(input);
  board.commit = manifest.commit;
  board.phase = 'planning';
  const plan: Plan = await makePlan({ input, manifest, startedAtMs: board.startedAtMs });
  board.plan = plan;
  board.slots = plan.slots;
  board.workers = plan.workers ?? [];
  board.phase = 'running';

  const [only, ...more] = plan.batches;
  if (only === undefined) return;
  if (more.length > 0) return driveBatches(plan, { input, board, steering, whyStopped: () => whyStopped(input, board) });
  const orders = new FileOrders(board, input);
  takeFileOrders(orders, board);
  await driveFiles(only.files.kind === 'inline' ? only.files.value : await openBatch(only.files), {
    input,
    commit: board.commit,
    board,
    typicalMs: plan.typicalMs,
    orders,
    allowances: allowancesOf(plan.planned, input),
    maxInFlight: () => steering.limit,
    whyStopped: () => whyStopped(input, board),
  });
}

/** Why nothing further starts; null while the run goes on. */
function whyStopped({ maxFailures }: SuiteInput, { failures, stopReason }: Board): string | null {
  if (stopReason !== null) return stopReason;
  const enough = maxFailures !== null && failures >= maxFailures;
  return enough ? REASONS.suiteStopped(`${failures} test files failed`) : null;
}

function discover({
  suite,
  runId,
  source,
  framework,
  selection,
  repeatNew = 1,
  queues,
  heartbeatTimeoutMs,
}: SuiteInput): Promise<Manifest> {
  const activities = proxyActivities<Pick<TestActivities, 'discover'>>({
    taskQueue: queues.tests,
    startToCloseTimeout: DEFAULTS.discoveryMs,
    heartbeatTimeout: heartbeatTimeoutMs,
    retry: {
      initialInterval: DEFAULTS.discoveryRetryMs.first,
      maximumInterval: DEFAULTS.discoveryRetryMs.longest,
      maximumAttempts: DEFAULTS.discoveryTries,
    },
    summary: 'list the test files',
  });
  return activities.discover({ suite, runId, source, framework, selection, withContents: repeatNew > 1 });
}
