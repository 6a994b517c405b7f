import { setTimeout as delay } from 'node:timers/promises';
import { webUrlOf } from '../adapters/temporal/web-ui.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import { pauseAfter } from '../core/pace.js';
import type { Progress } from '../core/progress.js';
import type { SuiteResult } from '../core/suite.js';
import { emptyVerdicts } from '../core/totals.js';
import type { Reporter, RunView } from '../reporters/index.js';
import type { Session } from '../session.js';
import type { Run } from './run.js';
import { createWaitingNotice } from './waiting.js';
import { createWatch, type Sight } from './watch.js';

/**
 * Shows runs to a reporter until all have ended, and returns their results in the same order. Stops early when `signal` is aborted. A server
 * that goes away is waited for; an embedded stack that does has nobody to start it again: STACK_FAILED.
 */
export async function follow(
  session: Session,
  runs: readonly Run[],
  reporter: Reporter,
  signal: AbortSignal,
): Promise<SuiteResult[] | 'left'> {
  const views = runs.map((run) => createView(session, run));
  const results = Promise.race([session.stackLost, Promise.all(runs.map((run) => patientResult(run, signal)))]);
  let isEnded = false;
  const end = () => {
    isEnded = true;
  };
  const ended = results.then(end, end);
  let looking: Promise<void> = Promise.resolve();
  while (!isEnded && !signal.aborted) {
    const askedAt = performance.now();
    looking = Promise.all(views.map((view) => view.look())).then((seen) => (signal.aborted ? undefined : reporter.update(seen)));
    await Promise.race([ended, looking]);
    const pauseMs = pauseAfter(performance.now() - askedAt, DEFAULTS.progressPace);
    await Promise.race([ended, delay(pauseMs, undefined, { signal }).catch(() => undefined)]);
  }
  if (!isEnded) return 'left';
  const all = await results;
  await looking; // Two looks at once would both see the end of the same file, and the later one tell it after the summary.
  await reporter.update(await Promise.all(views.map((view) => view.look())));
  return all;
}

async function patientResult(run: Run, signal: AbortSignal): Promise<SuiteResult> {
  for (;;) {
    try {
      return await run.result();
    } catch (error) {
      if (!(error instanceof RunnerError && error.code === 'SERVER_UNREACHABLE') || signal.aborted) throw error;
      await delay(DEFAULTS.progressPace.leastMs);
    }
  }
}

/** One look at a run that goes on; another where it does not answer. */
export async function lookAt(session: Session, run: Run): Promise<RunView> {
  const view = createView(session, run, 0);
  const first = await view.look();
  return first.progress === UNKNOWN ? view.look() : first;
}

function createView(session: Session, run: Run, quietMs?: number): { look(): Promise<RunView> } {
  const watch = createWatch(session.client, run);
  const waiting = createWaitingNotice(session, quietMs);
  let last: Sight | null = null;
  return {
    async look() {
      const sight = await watch.look().catch(() => null); // A control worker that is away answers later; the run itself goes on.
      last = sight ?? (last && { ...last, newlyFinished: [] });
      return {
        suite: run.suite,
        runId: run.runId,
        webUrl: webUrlOf(session.webUi, session.namespace, run.workflowId),
        progress: last?.progress ?? UNKNOWN,
        running: last?.running ?? [],
        waitingFor: await waiting(sight).catch(() => 'the Temporal server'),
        newlyFinished: last?.newlyFinished ?? [],
      };
    },
  };
}

/** Of a run that has not answered yet. */
const UNKNOWN: Progress = {
  phase: 'discovering',
  startedAtMs: 0,
  planned: null,
  verdicts: emptyVerdicts(),
  retries: 0,
  losses: 0,
  inFlight: [],
  remainingMs: null,
  slots: 0,
  isPaused: false,
  waiting: [],
  changes: [],
  finished: [],
  cursor: 0,
  batches: [],
  result: null,
};
