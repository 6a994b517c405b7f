import { setTimeout as delay } from 'node:timers/promises';
import { webUrlOf } from '../adapters/temporal/web-ui.js';
import { readReport } from '../client/report.js';
import type { Run } from '../client/run.js';
import { createWatch, type RunSnapshot } from '../client/watch.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import { type Progress, progressAtEnd } from '../core/model/progress.js';
import type { SuiteResult } from '../core/model/suite.js';
import type { SuiteReport } from '../core/model/suite-report.js';
import { emptyVerdicts } from '../core/model/totals.js';
import { whenAborted } from '../core/model/when-aborted.js';
import { keyOf } from '../core/plan/order.js';
import { pauseAfter } from '../core/schedule/pacing.js';
import { viewOfReport, viewOfResult } from '../render/file-view.js';
import type { RunView } from '../render/run-view.js';
import type { Reporter } from '../reporters/index.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { createWaitingNotice } from './waiting.js';

/** Where to show the runs, and until when. */
export type Following = {
  readonly reporter: Reporter;
  /** Object store to look for reports in before asking the control workers. */
  readonly objects: string;
  readonly signal: AbortSignal;
};

/**
 * Shows runs to a reporter until all have ended, and returns their reports in the same order, or `left` if `signal` is aborted
 * before. Waits for a server that is temporarily unreachable. Throws STACK_FAILED if the embedded stack ends, as nothing would
 * restart it, and whatever `result` of a run and `readReport` throw.
 */
export async function follow(
  server: ServerConnection,
  runs: readonly Run[],
  { reporter, objects, signal }: Following,
): Promise<SuiteReport[] | 'left'> {
  const followed = runs.map((run) => ({ view: createView(server, run), result: patientResult(run, signal) }));
  const results = Promise.race([server.stackLost, Promise.all(followed.map(({ result }) => result))]);
  let isEnded = false;
  const end = () => {
    isEnded = true;
  };
  const ended = results.then(end, end);
  const left = whenAborted(signal);
  const show = showOnce(reporter);
  while (!isEnded && !signal.aborted) {
    const lookStart = performance.now();
    const looking = Promise.all(followed.map(({ view }) => view.look())).then((views) => {
      if (!isEnded && !signal.aborted) show(views);
    });
    await Promise.race([ended, looking, left]);
    const pauseMs = pauseAfter(performance.now() - lookStart, DEFAULTS.progressPacing);
    await Promise.race([ended, delay(pauseMs, undefined, { signal }).catch(() => undefined)]);
  }
  if (!isEnded) return 'left';
  await results;
  // Do not query an ended workflow, which would be replayed each time: the report has everything that was not shown yet.
  const ends = await Promise.all(
    followed.map(async ({ view, result }) => {
      const report = await readReport(objects, server, await result);
      return { report, view: view.end(report) };
    }),
  );
  show(ends.map(({ view }) => view));
  return ends.map(({ report }) => report);
}

/** Passes views to the reporter without files that an earlier view has already shown. */
function showOnce(reporter: Reporter): (views: readonly RunView[]) => void {
  const shown = new Set<string>();
  return (views) =>
    reporter.update(
      views.map((view) => {
        const newlyFinished = view.newlyFinished.filter((file) => {
          const key = JSON.stringify([view.suite, view.runId, keyOf(file)]);
          const isNew = !shown.has(key);
          shown.add(key);
          return isNew;
        });
        return { ...view, newlyFinished };
      }),
    );
}

async function patientResult(run: Run, signal: AbortSignal): Promise<SuiteResult> {
  for (;;) {
    try {
      return await run.result();
    } catch (error) {
      if (!(error instanceof RunnerError && error.code === 'SERVER_UNREACHABLE') || signal.aborted) throw error;
      await delay(DEFAULTS.progressPacing.leastMs);
    }
  }
}

/** Looks once at a running run, and once more if it did not answer. */
export async function lookAt(server: ServerConnection, run: Run): Promise<RunView> {
  const view = createView(server, run, 0);
  const first = await view.look();
  return first.progress === UNKNOWN ? view.look() : first;
}

type View = { look(): Promise<RunView>; end(report: SuiteReport): RunView };

function createView(server: ServerConnection, run: Run, quietMs?: number): View {
  const watch = createWatch(server.client, run);
  const waiting = createWaitingNotice(server, quietMs);
  const { suite, runId } = run;
  const names = { suite, runId, webUrl: webUrlOf(server.webUi, server.namespace, run.workflowId) };
  let last: RunSnapshot | null = null;
  return {
    async look() {
      // Without a control worker there is no answer for now; the run itself continues.
      const snapshot = await watch.look().catch(() => null);
      last = snapshot ?? (last && { ...last, newlyFinished: [] });
      return {
        ...names,
        progress: last?.progress ?? UNKNOWN,
        running: last?.running ?? [],
        waitingFor: await waiting(snapshot).catch(() => 'the Temporal server'),
        newlyFinished: last?.newlyFinished.map(viewOfResult) ?? [],
      };
    },
    end(report) {
      const newlyFinished = report.files.map((file) => viewOfReport(file));
      const progress = progressAtEnd(last?.progress ?? UNKNOWN, report);
      return { ...names, progress, running: [], waitingFor: null, newlyFinished };
    },
  };
}

/** The progress of a run that has not answered yet. */
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
