import { setTimeout as delay } from 'node:timers/promises';
import {
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  ServiceError,
} from '@temporalio/client';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import { runIdOf, type SuiteInput, workflowIdOf } from '../core/model/suite.js';
import type { ServerConnection } from '../stack/server-connection.js';
import type { runSuite } from '../workflows/suite/run-suite.js';
import { attributesOf } from './start.js';

export type ScheduleSpec = {
  readonly name: string;
  readonly cron: string;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timezone: string;
  /** Input of each run, except that the run id becomes `<name>-<time>`. */
  readonly input: SuiteInput;
};

/** The current state of a schedule. */
export type Schedule = {
  readonly name: string;
  readonly suite: string;
  readonly cron: string;
  readonly timezone: string;
  readonly isPaused: boolean;
  /** The next start, even while paused; null if there is none. */
  readonly next: Date | null;
  /** The run it started last; null before the first. */
  readonly lastRunId: string | null;
  /** The time for which it started that run, to which the run id is rounded down; null before the first. */
  readonly lastStart: Date | null;
  /** The run it started that is still running; null if none is. */
  readonly runningRunId: string | null;
  /** Starts that were skipped because the previous run was still running. */
  readonly skipped: number;
  /** Starts that were missed while no server was running, and were too old to catch up on. */
  readonly missed: number;
};

export type Triggered =
  | { readonly kind: 'started'; readonly suite: string; readonly runId: string }
  /** Nothing was started, because the last run is still running. */
  | { readonly kind: 'skipped' };

/** The schedules of an installation. Operations on a single schedule throw SCHEDULE_UNKNOWN if there is none of that name. */
export type Schedules = {
  /** Creates a schedule. Throws SCHEDULE_EXISTS, or USAGE for times that the server rejects or that never occur. */
  create(spec: ScheduleSpec): Promise<Schedule>;
  /** All schedules, ordered by name. */
  list(): Promise<Schedule[]>;
  /**
   * Starts a run now, as if it were scheduled, and waits until the server has started or skipped it. Throws SERVER_UNREACHABLE if
   * it does neither in time.
   */
  trigger(name: string): Promise<Triggered>;
  pause(name: string): Promise<Schedule>;
  resume(name: string): Promise<Schedule>;
  /** Deletes the schedule. Runs that it started continue. */
  delete(name: string): Promise<void>;
};

export function schedulesOf({
  client,
  queues,
  isRegistered,
  isSigned,
}: Pick<ServerConnection, 'client' | 'queues' | 'isRegistered' | 'isSigned'>): Schedules {
  const handleOf = (name: string) => client.schedule.getHandle(PREFIX + name);
  /** Finds a schedule of our own queues: other installations may share the namespace. */
  async function find(name: string): Promise<Schedule> {
    const schedule = read(name, await explained(handleOf(name).describe(), name), queues.control);
    if (schedule === null) throw unknown(name);
    return schedule;
  }
  return {
    async create({ name, cron, timezone, input }) {
      const { suite } = input;
      const scheduled: SuiteInput = { ...input, runId: name, schedule: name, queues, ...(isSigned && { isSigned }) };
      const creating = client.schedule.create<typeof runSuite>({
        scheduleId: PREFIX + name,
        spec: { cronExpressions: [cron], timezone },
        policies: { overlap: DEFAULTS.overlap, catchupWindow: DEFAULTS.catchupWindowMs },
        memo: { suite, cron, timezone, queue: queues.control },
        action: {
          type: 'startWorkflow',
          workflowType: 'runSuite',
          workflowId: workflowIdOf(suite, name), // Temporal appends `-<time>`.
          taskQueue: queues.control,
          args: [scheduled],
          staticSummary: `${suite}, scheduled by ${name}`,
          memo: { suite, ciAttempt: input.ciAttempt },
          ...((await isRegistered()) ? { typedSearchAttributes: attributesOf(scheduled) } : {}),
        },
      });
      await explained(creating, name, `"${cron}" in ${timezone} cannot be scheduled`);
      const schedule = await find(name);
      if (schedule.next !== null) return schedule;
      await handleOf(name).delete();
      throw new RunnerError('USAGE', `"${cron}" is a time that never occurs.`);
    },
    async list() {
      const names: string[] = [];
      for await (const { scheduleId } of client.schedule.list()) {
        if (scheduleId.startsWith(PREFIX)) names.push(scheduleId.slice(PREFIX.length));
      }
      const found = await Promise.all(names.sort().map((name) => find(name).catch(orNull)));
      return found.filter((schedule) => schedule !== null);
    },
    async trigger(name) {
      const before = await find(name);
      if (before.lastStart !== null) await delay(Math.max(0, secondAfter(before.lastStart) - Date.now()));
      await explained(handleOf(name).trigger(DEFAULTS.overlap), name);
      const endMs = performance.now() + DEFAULTS.triggerMs;
      while (performance.now() < endMs) {
        const { suite, lastRunId, skipped } = await find(name);
        if (lastRunId !== null && lastRunId !== before.lastRunId) return { kind: 'started', suite, runId: lastRunId };
        if (skipped > before.skipped) return { kind: 'skipped' };
        await delay(DEFAULTS.progressPacing.leastMs);
      }
      throw new RunnerError('SERVER_UNREACHABLE', `The server has not started a run of ${name} yet.`);
    },
    async pause(name) {
      await find(name);
      await explained(handleOf(name).pause('paused by holdfast'), name);
      return find(name);
    },
    async resume(name) {
      await find(name);
      await explained(handleOf(name).unpause('resumed by holdfast'), name);
      return find(name);
    },
    async delete(name) {
      await find(name);
      await explained(handleOf(name).delete(), name);
    },
  };
}

/** Prefix of schedule ids, so names are unique in a namespace: run ids are made of them. */
const PREFIX = 'schedule/';

/** The next full second, in ms since 1970. Run ids end in a second, and the server silently drops a start whose id it has used. */
function secondAfter(time: Date): number {
  return (Math.floor(time.getTime() / 1000) + 1) * 1000;
}

/** Converts the server's description; null for a schedule of other queues. */
function read(name: string, { memo = {}, state, info }: ScheduleDescription, queue: string): Schedule | null {
  if (memo.queue !== queue) return null;
  const text = (key: string) => String(memo[key] ?? '');
  const last = info.recentActions.at(-1);
  return {
    name,
    suite: text('suite'),
    cron: text('cron'),
    timezone: text('timezone'),
    isPaused: state.paused,
    next: info.nextActionTimes[0] ?? null,
    lastRunId: last === undefined ? null : runIdOf(last.action.workflow.workflowId),
    lastStart: last?.scheduledAt ?? null,
    runningRunId: info.runningActions[0] ? runIdOf(info.runningActions[0].workflow.workflowId) : null,
    skipped: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
  };
}

/** Awaits a call and converts the server's errors to RunnerErrors. `refusal` begins the sentence about an input that the server rejects. */
async function explained<T>(call: Promise<T>, name: string, refusal?: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning)
      throw new RunnerError('SCHEDULE_EXISTS', `There is already a schedule "${name}" on this server.`);
    if (error instanceof ScheduleNotFoundError) throw unknown(name);
    const reason = error instanceof ServiceError && isGrpcServiceError(error.cause) ? error.cause.details : null;
    if (refusal !== undefined && (error instanceof TypeError || /schedule|cron|time ?zone/i.test(reason ?? '')))
      throw new RunnerError('USAGE', `${refusal}: ${reason ?? (error instanceof Error ? error.message : '')}.`);
    if (reason !== null)
      throw new RunnerError('SERVER_UNREACHABLE', `The server refused the request: ${reason}.`, { cause: error });
    throw error;
  }
}

function unknown(name: string): RunnerError {
  return new RunnerError('SCHEDULE_UNKNOWN', `There is no schedule "${name}".`);
}

/** Ignores a schedule that was deleted meanwhile or that is not ours. */
function orNull(error: unknown): null {
  if (error instanceof RunnerError && error.code === 'SCHEDULE_UNKNOWN') return null;
  throw error;
}
