import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { AttemptRecord } from '../../core/model/attempt.js';
import { REASONS } from '../../core/model/change.js';
import { factsOf } from '../../core/model/frameworks.js';
import type { FileResult, PlannedFile, SuiteInput } from '../../core/model/suite.js';
import { DispatchSizing } from '../../core/plan/dispatch-size.js';
import { Pieces } from '../../core/plan/pieces.js';
import type { RunBudgets } from '../../core/schedule/run-budget.js';
import { windowSize } from '../../core/schedule/window.js';
import type { FileControls } from '../controls/file-controls.js';
import { stoppable } from '../controls/stoppable.js';
import { type Outbox, recordFiles } from '../suite/record-files.js';
import type { RunState } from '../suite/run-state.js';
import { Admissions } from './admission.js';
import { type Assignment, type Dispatch, dispatch } from './dispatch.js';
import { FileInFlight, THE_RUN } from './file-in-flight.js';
import { SecondLooks } from './second-looks.js';
import { Speculation } from './speculation.js';
import { openWindow } from './window.js';

/** The input of the driver of some files. */
export type DriveInput = {
  readonly input: SuiteInput;
  readonly commit: string | null;
  readonly state: RunState;
  readonly typicalMs: number | null;
  readonly callMs: number | null;
  /** Budgets of the whole run. */
  readonly budgets: RunBudgets;
  /** The current limit; may change during the run. */
  readonly maxInFlight: () => number | null;
  readonly controls: FileControls;
  /** Why files are stopped and no more are started; null while the run continues. */
  readonly stopReason: () => string | null;
  /** Have all files of the other batches been admitted? */
  readonly isRunAdmitted: () => boolean;
  /** Called once all of these files have been admitted, so that the next batch may start. */
  readonly onAdmitted: () => void;
  readonly onJudged: () => void;
};

/** The input, plus what the files of one driver share. */
export type Drive = DriveInput & {
  readonly copies: Speculation;
  readonly looks: SecondLooks;
  readonly dispatch: (order: Dispatch) => Promise<readonly AttemptRecord[]>;
  /** Have all files of the run been admitted? */
  readonly isAllAdmitted: () => boolean;
};

/** A file and its place in the order of its workflow. */
export type Task = {
  readonly file: PlannedFile;
  /** From 1. */
  readonly number: number;
  /** One of the first, one per slot. */
  readonly isOpening: boolean;
};

/** Runs files, whole or in parts, in order, through a window sized to the fleet. Afterwards every file has a verdict. */
export async function driveFiles(files: readonly PlannedFile[], driveInput: DriveInput): Promise<void> {
  await new FilesDriver(files, driveInput).run();
}

class FilesDriver {
  readonly #drive: Drive;
  readonly #count: number;
  /** Files that have not been admitted, in order. */
  readonly #waiting: Task[];
  /** Files without a verdict. */
  readonly #open: Set<PlannedFile>;
  readonly #admissions: Admissions;
  readonly #dispatchSizing: DispatchSizing;
  /** Undefined: no file needs those that run before it. */
  readonly #pieces: Pieces | undefined;
  readonly #outbox: Outbox = { files: [], isClosed: false };
  readonly #underWay: Promise<void>[] = [];
  #hasFailed = false;
  #judged = 0;

  constructor(files: readonly PlannedFile[], driveInput: DriveInput) {
    const { input, commit, state } = driveInput;
    const opening = Math.max(1, state.fleet.slots);
    this.#drive = {
      ...driveInput,
      copies: new Speculation(input, state, driveInput.budgets.copies),
      looks: new SecondLooks({
        isOn: input.secondLook === true && input.repeatEach === 1 && (input.repeatNew ?? 1) === 1,
        isAtOnce: input.maxFailures !== null,
        planned: files.length,
        failed: () => state.books.failures,
        open: () => this.#open.size,
        startedAtMs: state.startedAtMs,
        inOrder: factsOf(input.framework.name).company ? files.map(({ path }) => path).toSorted() : null,
      }),
      dispatch: (order) => dispatch(order, { input, commit, onGone: (worker) => state.fleet.missed(worker) }),
      isAllAdmitted: () => this.#waiting.length === 0 && driveInput.isRunAdmitted(),
    };
    this.#count = files.length;
    this.#waiting = files.map((file, index) => ({ file, number: index + 1, isOpening: index < opening }));
    this.#open = new Set(files);
    const width = () =>
      windowSize({
        slots: state.fleet.slots,
        typicalMs: input.framework.warm ? null : driveInput.typicalMs, // In warm suites, short files share longer dispatches.
        maxInFlight: driveInput.maxInFlight(),
      });
    this.#admissions = new Admissions(openWindow(width, files.length > opening ? opening : null), input);
    this.#dispatchSizing = new DispatchSizing(input.framework, driveInput.callMs);
    if (input.framework.isolation === 'suite') this.#pieces = new Pieces();
    state.books.open(files);
  }

  async run(): Promise<void> {
    const { input, state, stopReason } = this.#drive;
    const recording = this.#noting(CancellationScope.nonCancellable(() => recordFiles(this.#outbox, input, state)));
    try {
      await stoppable(this.#isStopped, () => this.#admitAll());
    } finally {
      const reason = stopReason() ?? REASONS.cancelledByUser(THE_RUN);
      for (const file of this.#open) {
        const result = state.judged({ ...file, verdict: 'notRun', attempts: [], reason });
        if (result !== null && result.attempts.length > 0) this.#outbox.files.push(result); // Some of its parts ran.
      }
      this.#outbox.isClosed = true;
      await recording;
    }
  }

  readonly #isStopped = () => this.#drive.stopReason() !== null;

  /** Admits each file when the window has room, and waits for all verdicts. */
  async #admitAll(): Promise<void> {
    const { copies, isAllAdmitted, onAdmitted } = this.#drive;
    this.#start(copies.watch({ isNearEnd: isAllAdmitted, isOver: () => this.#judged === this.#count }));
    const next = () => this.#admissions.next(this.#waiting);
    try {
      while (this.#waiting.length > 0) {
        await condition(() => this.#isStopped() || this.#hasFailed || next() >= 0);
        if (this.#isStopped() || this.#hasFailed) break;
        const at = next();
        if (at < 0) continue; // Another waiter woke up as well and took the room.
        const [first, ...others] = this.#waiting.splice(at, this.#dispatchLength(this.#waiting.slice(at)));
        if (this.#waiting.length === 0) onAdmitted();
        if (first !== undefined) this.#start(this.#admit([first, ...others]));
      }
    } finally {
      await Promise.all(this.#underWay);
    }
  }

  /** How many of the waiting files go into the next dispatch. */
  #dispatchLength(waiting: readonly Task[]): number {
    const { state, maxInFlight } = this.#drive;
    const files = waiting.map(({ file }) => file);
    const { slots } = state.fleet;
    return this.#pieces?.next(files, Math.min(slots, maxInFlight() ?? slots)) ?? this.#dispatchSizing.next(files, slots);
  }

  #start(work: Promise<void>): void {
    this.#underWay.push(this.#noting(work));
  }

  /** Notes a failure of work that is awaited later: no more files are started then, and it is no unhandled rejection. */
  #noting(work: Promise<void>): Promise<void> {
    work.catch(() => {
      this.#hasFailed = true;
    });
    return work;
  }

  /** Runs one file, or several in a shared dispatch; files without a verdict after that continue alone. */
  async #admit(tasks: readonly [Task, ...Task[]]): Promise<void> {
    const [first, ...others] = tasks;
    const files = [first.file, ...others.map(({ file }) => file)] as const;
    const admission = this.#admissions.admit(files, String(first.number));
    const inFlight = tasks.map((task) => new FileInFlight(task, this.#drive));
    if (others.length === 0) return this.#finishEach(inFlight, () => admission);
    await this.#runTogether(inFlight, first.isOpening);
    if (this.#pieces) {
      await this.#goOnTogether(inFlight);
      keepInCompany(inFlight);
    }
    admission.leave();
    const unsettled = inFlight.filter((file) => {
      const result = file.verdictSoFar();
      if (result === null) return true;
      this.#settle(result, file.file); // Without another promise: the SDK captures a stack trace for each.
      return false;
    });
    return this.#finishEach(unsettled, ({ file }) => this.#admissions.readmit(file));
  }

  /** After the loss of a worker, the files of its piece that it has not begun stay together. */
  async #goOnTogether(files: readonly FileInFlight[]): Promise<void> {
    let rest = files;
    for (;;) {
      const left = rest.filter(({ hasBegun }) => !hasBegun);
      if (left.length < 2 || left.length === rest.length || this.#isStopped()) return; // Alone, each goes on without end.
      rest = left;
      await this.#runTogether(rest, false);
    }
  }

  /** Runs a shared dispatch of files that have not begun. */
  async #runTogether(files: readonly FileInFlight[], isOpening: boolean): Promise<void> {
    const { state, controls } = this.#drive;
    const [first, ...others] = files.map((file) => file.firstAssignment());
    const order: Dispatch = { assignments: [first as Assignment, ...others], isOpening };
    state.dispatched(order);
    const records = await controls
      .endable(
        files.map(({ file }) => file.path),
        () => this.#drive.dispatch(order),
      )
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
        return []; // Files that no person has stopped continue alone, unless the run is stopped.
      });
    state.dispatchEnded(order, records);
    for (const [index, file] of files.entries()) file.tried(...records.slice(index, index + 1));
  }

  async #finishEach(
    files: readonly FileInFlight[],
    admissionOf: (file: FileInFlight) => ReturnType<Admissions['admit']>,
  ): Promise<void> {
    await Promise.all(
      files.map(async (file) => {
        const admission = admissionOf(file);
        try {
          this.#settle(await file.bringToVerdict(admission), file.file);
        } finally {
          await admission.giveBack();
        }
      }),
    );
  }

  #settle(result: FileResult, task: PlannedFile): void {
    const { state, onJudged } = this.#drive;
    this.#open.delete(task);
    const file = state.judged(result);
    this.#judged += 1;
    this.#dispatchSizing.learn(result);
    if (file !== null) this.#outbox.files.push(file);
    onJudged();
  }
}

/** Keeps each file after those that ran before it in its process. */
function keepInCompany(files: readonly FileInFlight[]): void {
  let before: readonly PlannedFile[] = [];
  for (const inFlight of files) {
    inFlight.keepAfter(before);
    before = inFlight.hasEndedProcess ? [] : [...before, inFlight.file];
  }
}
