import { CancellationScope, condition, patched, sleep } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { REASONS } from '../../core/model/change.js';
import { factsOf } from '../../core/model/frameworks.js';
import type { FileResult, PlannedFile, SuiteInput } from '../../core/model/suite.js';
import { Chunking, lengthOfGuided } from '../../core/plan/chunk.js';
import type { Allowances } from '../../core/schedule/allowance.js';
import { windowSize } from '../../core/schedule/window.js';
import type { FileOrders } from '../controls/file-orders.js';
import { stoppable } from '../controls/stoppable.js';
import type { Board } from '../suite/board.js';
import { type Outbox, recordFiles } from '../suite/record-files.js';
import { dispatchChunk } from './chunk.js';
import type { Turn } from './dispatch.js';
import { judge, THE_RUN, verdictSoFar } from './judge.js';
import { Seating } from './seat.js';
import { Stragglers } from './stragglers.js';
import { Window } from './window.js';

/** What the driver of these files is told. */
export type DriveInput = {
  readonly input: SuiteInput;
  readonly commit: string | null;
  readonly board: Board;
  readonly typicalMs: number | null;
  /** What these files use up together, and with those of other batches. */
  readonly allowances: Allowances;
  /** The limit now in force: it may change while the run goes on. */
  readonly maxInFlight: () => number | null;
  readonly orders: FileOrders;
  /** Why no further file shall start and none go on; null while the run goes on. */
  readonly whyStopped: () => string | null;
  /** Has every file of the other batches had its turn? Undefined where there are none. */
  readonly isRunAdmitted?: () => boolean;
  /** The last file has had its turn: what comes after these files may begin. */
  readonly onAdmitted?: () => void;
  readonly onJudged?: () => void;
};

/** A file that has not had its turn, and its place in the order, from 0. */
type Waiting = readonly [index: number, file: PlannedFile];

/** The same, with what its files share. */
export type Drive = DriveInput & {
  readonly stragglers: Stragglers;
  /** Has every file of the run had its turn? */
  readonly isAllAdmitted: () => boolean;
};

/** Brings files, whole or in parts, to their verdicts, in order, through a window as wide as the fleet asks for. Every file has its verdict afterwards, whatever happened. */
export async function driveFiles(tasks: readonly PlannedFile[], told: DriveInput): Promise<void> {
  const { board, input } = told;
  const isStopped = () => told.whyStopped() !== null;
  board.open(tasks);
  const outbox: Outbox = { files: [], isClosed: false };
  const opening = Math.max(1, board.slots);
  const isOpening = openFirst(tasks.length > opening);
  const waiting: Waiting[] = [...tasks.entries()];
  const untouched = new Set(tasks);
  let judged = 0;
  const isInRounds = input.framework.warm !== undefined && patched('chunks-in-rounds');
  let callMs = isInRounds ? factsOf(input.framework.name).callMs : 0;
  const chunking = new Chunking();
  const typicalMs = input.framework.warm ? null : told.typicalMs; // Short files of warm suites share dispatches, which are not short.
  const window = new Window(() => {
    const size = windowSize({ slots: board.slots, typicalMs, maxInFlight: told.maxInFlight() });
    return isOpening() ? Math.min(opening, size) : size;
  });
  const seating = new Seating(window, input);
  const drive: Drive = {
    ...told,
    stragglers: new Stragglers(input, board, told.allowances.copies),
    isAllAdmitted: () => waiting.length === 0 && (told.isRunAdmitted?.() ?? true),
  };
  const admittedOf = ([index, file]: Waiting) => ({ file, number: index + 1, opening: index < opening });
  const settle = (told: FileResult) => {
    const result = board.judged(told);
    judged += 1;
    if (result !== null) outbox.files.push(result);
    drive.onJudged?.();
  };
  const bringToVerdict = async (waited: Waiting, shared?: AttemptRecord | null) => {
    const admitted = admittedOf(waited);
    const { file, number } = admitted;
    const seat = shared !== undefined ? seating.inReserve(file) : seating.reserve(file, String(number));
    try {
      untouched.delete(file);
      settle(await judge({ ...admitted, seat, ...(shared !== undefined && { shared }) }, drive));
    } finally {
      await seat.giveBack();
    }
  };
  /** How many files, from this place in the list on, share a dispatch. */
  const togetherFrom = (at: number) => {
    if (input.framework.warm === undefined) return 1;
    const files = waiting.slice(at).map(([, file]) => file);
    const waitingMs = files.reduce((sum, { estimateMs }) => sum + (estimateMs ?? 0), 0);
    const backlog = { waitingMs, slots: board.slots, callMs };
    return isInRounds ? chunking.next(files, backlog) : lengthOfGuided(files, backlog);
  };
  const bringTogether = async (chunk: readonly [Waiting, ...Waiting[]]) => {
    const seat = seating.reserveForChunk();
    const turnOf = (waited: Waiting): Turn => {
      return { ...admittedOf(waited), dispatch: 1, attempt: 1, deadlineMs: told.orders.deadlineMsOf(waited[1]) };
    };
    const [first, ...others] = chunk;
    const turns = [turnOf(first), ...others.map(turnOf)] as const;
    for (const turn of turns) board.dispatched(turn);
    const paths = turns.map(({ file }) => file.path);
    const records = await told.orders.endable(paths, () => dispatchChunk(turns, { input, commit: told.commit }));
    seat.leave();
    board.chunkEnded(turns, records);
    for (const { outcome } of records) if (outcome.kind === 'passed' && outcome.callMs !== undefined) callMs = outcome.callMs;
    const goOn = chunk.flatMap((waited, index) => {
      const [, file] = waited;
      const record = records[index] ?? null;
      const result = record && verdictSoFar(file, { attempts: [record] }, drive);
      if (result === null) return [[waited, record] as const];
      untouched.delete(file);
      settle(result); // At once: for each promise the SDK notes where it was made.
      return [];
    });
    await Promise.all(goOn.map(([waited, record]) => bringToVerdict(waited, record)));
  };

  const recording = CancellationScope.nonCancellable(() => recordFiles(outbox, input, board));
  try {
    await stoppable(isStopped, async () => {
      const underWay: Promise<void>[] = [];
      const next = () => seating.next(waiting);
      underWay.push(drive.stragglers.watch({ isNearEnd: drive.isAllAdmitted, isOver: () => judged === tasks.length }));
      try {
        while (waiting.length > 0) {
          await condition(() => isStopped() || next() >= 0);
          if (isStopped()) break;
          const at = next();
          if (at < 0) continue; // Somebody else was woken too, and has taken the room.
          const [first, ...others] = waiting.splice(at, togetherFrom(at));
          if (waiting.length === 0) told.onAdmitted?.();
          if (first === undefined) continue;
          if (others.length === 0) underWay.push(bringToVerdict(first));
          else underWay.push(bringTogether([first, ...others]));
        }
      } finally {
        await Promise.all(underWay);
      }
    });
  } finally {
    const reason = told.whyStopped() ?? REASONS.cancelledByUser(THE_RUN);
    for (const file of untouched) {
      const result = board.judged({ ...file, verdict: 'notRun', attempts: [], reason });
      if (result !== null && result.attempts.length > 0) outbox.files.push(result); // Some parts of it had their turn.
    }
    outbox.isClosed = true;
    await recording;
  }
}

/**
 * True for a moment after the start, when as many files are scheduled as there are slots and no more: the server hands what is scheduled
 * at one moment to waiting workers in any order, whatever its priority.
 */
function openFirst(isNeeded: boolean): () => boolean {
  let isOpening = isNeeded;
  const end = () => {
    isOpening = false;
  };
  if (isNeeded) sleep(DEFAULTS.openingMs).then(end, end);
  return () => isOpening;
}
