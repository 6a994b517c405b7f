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
  /** What each run is to do. Its run id means nothing: every run gets `<name>-<time>`. */
  readonly input: SuiteInput;
};

/** A schedule as it stands. */
export type Schedule = {
  readonly name: string;
  readonly suite: string;
  readonly cron: string;
  readonly timezone: string;
  readonly isPaused: boolean;
  /** Its next time, paused or not; null when none comes any more. */
  readonly next: Date | null;
  /** Run it started last; null before the first. */
  readonly lastRunId: string | null;
  /** Run it started that goes on; null when none does. */
  readonly runningRunId: string | null;
  /** Times that came while the run before went on. */
  readonly skipped: number;
  /** Times that passed while no server ran, and were too old to be caught up. */
  readonly missed: number;
};

export type Triggered =
  | { readonly kind: 'started'; readonly suite: string; readonly runId: string }
  /** The last run goes on: no other was started. */
  | { readonly kind: 'skipped' };

/** The schedules of one installation. Each operation on one throws SCHEDULE_UNKNOWN where there is none of that name. */
export type Schedules = {
  /** Throws SCHEDULE_EXISTS, and USAGE for times that the server does not understand or that never come. */
  create(spec: ScheduleSpec): Promise<Schedule>;
  /** By name. */
  list(): Promise<Schedule[]>;
  /** Starts a run now, as its time would. Waits until it is known what became of it. */
  trigger(name: string): Promise<Triggered>;
  pause(name: string): Promise<Schedule>;
  resume(name: string): Promise<Schedule>;
  /** Runs that it started go on. */
  delete(name: string): Promise<void>;
};

export function schedulesOf({
  client,
  queues,
  isRegistered,
}: Pick<ServerConnection, 'client' | 'queues' | 'isRegistered'>): Schedules {
  const handleOf = (name: string) => client.schedule.getHandle(PREFIX + name);
  /** A schedule of ours, on our queues: others may share the namespace. */
  async function find(name: string): Promise<Schedule> {
    const schedule = read(name, await explained(handleOf(name).describe(), name), queues.control);
    if (schedule === null) throw unknown(name);
    return schedule;
  }
  return {
    async create({ name, cron, timezone, input }) {
      const { suite } = input;
      const scheduled: SuiteInput = { ...input, runId: name, schedule: name, queues };
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
      throw new RunnerError('USAGE', `"${cron}" names a time that never comes.`);
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

/** Names are unique in a namespace: run ids are made of them. */
const PREFIX = 'schedule/';

/** null for a schedule of other queues. */
function read(name: string, { memo = {}, state, info }: ScheduleDescription, queue: string): Schedule | null {
  if (memo.queue !== queue) return null;
  const text = (key: string) => String(memo[key] ?? '');
  const runOf = (actions: typeof info.recentActions) => {
    const last = actions.at(-1);
    return last === undefined ? null : runIdOf(last.action.workflow.workflowId);
  };
  return {
    name,
    suite: text('suite'),
    cron: text('cron'),
    timezone: text('timezone'),
    isPaused: state.paused,
    next: info.nextActionTimes[0] ?? null,
    lastRunId: runOf(info.recentActions),
    runningRunId: info.runningActions[0] ? runIdOf(info.runningActions[0].workflow.workflowId) : null,
    skipped: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
  };
}

/** What the server says, as a sentence for a person. `refusal` begins the one for an input it does not accept. */
async function explained<T>(asking: Promise<T>, name: string, refusal?: string): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning)
      throw new RunnerError('SCHEDULE_EXISTS', `There is a schedule "${name}" on this server already.`);
    if (error instanceof ScheduleNotFoundError) throw unknown(name);
    const reason = error instanceof ServiceError && isGrpcServiceError(error.cause) ? error.cause.details : null;
    if (refusal !== undefined && (error instanceof TypeError || /schedule|cron|time ?zone/i.test(reason ?? '')))
      throw new RunnerError('USAGE', `${refusal}: ${reason ?? (error instanceof Error ? error.message : '')}.`);
    if (reason !== null) throw new RunnerError('SERVER_UNREACHABLE', `The server did not do it: ${reason}.`, { cause: error });
    throw error;
  }
}

function unknown(name: string): RunnerError {
  return new RunnerError('SCHEDULE_UNKNOWN', `There is no schedule "${name}".`);
}

/** One that was deleted while the others were read, or that is not ours. */
function orNull(error: unknown): null {
  if (error instanceof RunnerError && error.code === 'SCHEDULE_UNKNOWN') return null;
  throw error;
}
