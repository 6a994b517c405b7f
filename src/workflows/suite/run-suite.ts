import { CancellationScope, isCancellation, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { TestActivities } from '../../activities/run/index.js';
import type { Manifest, Plan, Problem } from '../../core/border/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { REASONS } from '../../core/model/change.js';
import { runIdOf, type SuiteInput, type SuiteResult } from '../../core/model/suite.js';
import { runBudgetsFor } from '../../core/schedule/run-budget.js';
import { answered } from '../answered.js';
import { bookkeeping } from '../bookkeeping.js';
import { FileControls, takeFileControls } from '../controls/file-controls.js';
import { RunControls, takeRunControls } from '../controls/run-controls.js';
import { stoppable } from '../controls/stoppable.js';
import { driveFiles } from '../file/drive-files.js';
import { progressQuery } from '../messages.js';
import { driveBatches } from './drive-batches.js';
import { FleetView } from './fleet-view.js';
import { problemOf } from './problem.js';
import { RunState } from './run-state.js';
import { showInWebUi } from './web-ui.js';

/** Runs a suite: every test file gets exactly one verdict, whichever workers are lost. */
export async function runSuite(given: SuiteInput): Promise<SuiteResult> {
  const input = given.schedule === undefined ? given : { ...given, runId: runIdOf(workflowInfo().workflowId) };
  const state = new RunState();
  const webUi = showInWebUi(state);
  if (input.schedule !== undefined) webUi.name(input.runId);
  const { finish } = bookkeeping(input.queues);
  setHandler(progressQuery, (cursor) => state.progress(cursor), {
    description: 'Progress of the run. Argument: cursor of the last answer.',
  });

  const controls = new RunControls(state, input);
  takeRunControls(controls, state, input);

  let isCancelled = false;
  let problem: Problem | null = null;
  try {
    await judgeAll(input, state, controls);
    if (state.phase !== 'running')
      problem = { message: `The run was stopped before it had a plan. ${state.stopReason}.`, code: null };
    // If all files had been admitted, a cancellation stops their attempts without throwing here. One that came too late has no effect.
    isCancelled = CancellationScope.current().consideredCancelled && state.totals().notRun > 0;
  } catch (error) {
    if (isCancellation(error)) isCancelled = true;
    else problem = problemOf(error);
  }

  state.phase = 'finishing';
  return CancellationScope.nonCancellable(async () => {
    const result = await finish({
      input,
      workflowId: workflowInfo().workflowId,
      commit: state.commit,
      batches: state.plan?.batches ?? [],
      totals: state.totals(),
      cancelled: isCancelled,
      stopReason: reasonToStop(input, state),
      changes: state.changes,
      problem,
      startedAtMs: state.startedAtMs,
      finishedAtMs: Date.now(),
      slots: state.fleet.slots,
      order: state.plan?.order ?? null,
    });
    state.finish(result);
    webUi.finish(result);
    return result;
  });
}

/** Lists, plans and runs the files. Results are in `state`, even if this throws. */
async function judgeAll(input: SuiteInput, state: RunState, controls: RunControls): Promise<void> {
  let isOver = false;
  const watch = controls
    .pastTimeout(() => isOver)
    .then(
      (reason) => {
        state.stopReason ??= reason;
      },
      () => undefined, // The run is cancelled and ends anyway.
    );
  try {
    await stoppable(
      () => state.stopReason !== null && state.phase !== 'running', // Once files are running, their driver stops them.
      () => judgeFiles(input, state, controls),
    );
  } finally {
    isOver = true;
    await watch;
  }
}

async function judgeFiles(input: SuiteInput, state: RunState, controls: RunControls): Promise<void> {
  const { plan: makePlan, openBatch } = bookkeeping(input.queues);

  const manifest = await discover(input);
  state.commit = manifest.commit;
  state.phase = 'planning';
  const plan: Plan = await makePlan({ input, manifest, startedAtMs: state.startedAtMs });
  state.plan = plan;
  state.fleet = new FleetView(plan);
  state.phase = 'running';

  const [only, ...more] = plan.batches;
  if (only === undefined) return;
  if (more.length > 0) return driveBatches(plan, { input, state, controls, stopReason: () => reasonToStop(input, state) });
  const fileControls = new FileControls(state, input);
  takeFileControls(fileControls, state, input);
  await driveFiles(only.files.kind === 'inline' ? only.files.value : await openBatch(only.files), {
    input,
    commit: state.commit,
    state,
    typicalMs: plan.typicalMs,
    callMs: plan.callMs,
    controls: fileControls,
    budgets: runBudgetsFor(plan, input),
    maxInFlight: () => controls.limit,
    stopReason: () => reasonToStop(input, state),
    isRunAdmitted: () => true,
    onAdmitted: () => undefined,
    onJudged: () => undefined,
  });
}

/** Why no more files are started; null while the run continues. */
function reasonToStop({ maxFailures }: SuiteInput, { books, stopReason }: RunState): string | null {
  if (stopReason !== null) return stopReason;
  const isOverLimit = maxFailures !== null && books.failures >= maxFailures;
  return isOverLimit ? REASONS.suiteStopped(`${books.failures} test files failed`) : null;
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
  return answered(() => activities.discover({ suite, runId, source, framework, selection, withContents: repeatNew > 1 }));
}
