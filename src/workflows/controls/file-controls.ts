import { CancellationScope, setHandler } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import { describeChange, type FileChange, NO_SUCH_FILE, REASONS } from '../../core/model/change.js';
import type { PlannedFile, SuiteInput } from '../../core/model/suite.js';
import type { Ending } from '../../core/schedule/next-turn.js';
import { cancelFile, extendFile, quarantineFile, skipFile, timeoutQuery } from '../messages.js';
import type { RunState } from '../suite/run-state.js';
import { refusal, takeUpdate } from './take-update.js';

/** Applies the changes that people make to single files without a verdict. */
export class FileControls {
  readonly #state: RunState;
  readonly #suiteTimeoutMs: number;
  readonly #endings = new Map<string, Ending>();
  readonly #quarantined = new Map<string, string>();
  readonly #extraMs = new Map<string, number>();
  readonly #running = new Map<string, Set<CancellationScope>>();

  constructor(state: RunState, { timeoutMs }: SuiteInput) {
    this.#state = state;
    this.#suiteTimeoutMs = timeoutMs ?? DEFAULTS.timeoutMs;
  }

  /** The verdict that a person gave the file; undefined if nobody did. */
  endingOf(path: string): Ending | undefined {
    return this.#endings.get(path);
  }

  /** Who quarantined the file, as a reason; undefined if nobody did. */
  quarantineOf(path: string): string | undefined {
    return this.#quarantined.get(path);
  }

  /** The current timeout of an attempt. */
  timeoutMsOf({ path, timeoutMs = this.#suiteTimeoutMs }: Pick<PlannedFile, 'path' | 'timeoutMs'>): number {
    return timeoutMs + (this.#extraMs.get(path) ?? 0);
  }

  /** Runs an attempt at files in its own scope. If a person stops one of the files, the scope is cancelled, which throws. */
  async endable<T>(paths: readonly string[], attempt: () => Promise<T>): Promise<T> {
    const scope = new CancellationScope();
    for (const path of paths) this.#running.set(path, (this.#running.get(path) ?? new Set()).add(scope));
    try {
      return await scope.run(attempt);
    } finally {
      for (const path of paths) this.#running.get(path)?.delete(scope);
    }
  }

  take(change: FileChange, who: string): void {
    const { path } = change;
    switch (change.kind) {
      case 'quarantine':
        this.#quarantined.set(path, REASONS.quarantinedByUser(who));
        break;
      case 'skip':
        this.#end(path, { verdict: 'skipped', reason: REASONS.skippedByUser(who) });
        break;
      case 'cancel':
        this.#end(path, { verdict: 'notRun', reason: REASONS.cancelledByUser(who) });
        break;
      case 'extend':
        this.#extraMs.set(path, (this.#extraMs.get(path) ?? 0) + change.byMs);
    }
    this.#state.changed(describeChange(change), who);
  }

  /** Throws a refusal if the change is not possible. Changes nothing. */
  check(change: FileChange): void {
    const { path } = change;
    const file = this.#state.books.openFile(path);
    if (file === 'unknown') throw refusal(`${path} is not a test file of this run.`, NO_SUCH_FILE);
    if (file === 'judged') throw refusal(`${path} already has its verdict, which is final.`);
    if (change.kind !== 'extend') return;
    const leftMs = (file.timeoutMs ?? this.#suiteTimeoutMs) - (this.#extraMs.get(path) ?? 0);
    if (!Number.isInteger(change.byMs) || change.byMs < 1)
      throw refusal('A timeout can only be extended by a whole number of ms, at least 1.');
    if (change.byMs > leftMs)
      throw refusal(`The timeout of ${path} can be extended by at most ${leftMs} ms more, to twice its original length.`);
  }

  #end(path: string, ending: Ending): void {
    this.#endings.set(path, ending);
    for (const scope of this.#running.get(path) ?? []) scope.cancel();
  }
}

/** Installs the updates that change single files during the run. Each is checked, and recorded with its requester. */
export function takeFileControls(controls: FileControls, state: RunState, input: SuiteInput): void {
  setHandler(timeoutQuery, (activityId) => {
    const file = state.fileOfAttempt(activityId);
    return file === undefined ? null : controls.timeoutMsOf(file);
  });
  for (const { update, kind, description } of BY_PATH) {
    takeUpdate(update, {
      description,
      check: (path, _request) => controls.check({ kind, path }),
      apply: (who, path, _request) => controls.take({ kind, path }, who),
      input,
    });
  }
  takeUpdate(extendFile, {
    description: 'Extends the timeout of a file. Arguments: path, ms, requester.',
    check: (path, byMs, _request) => controls.check({ kind: 'extend', path, byMs }),
    apply: (who, path, byMs, _request) => controls.take({ kind: 'extend', path, byMs }, who),
    input,
  });
}

const BY_PATH = [
  {
    update: quarantineFile,
    kind: 'quarantine',
    description: 'Quarantines a file: its failure does not fail the run. Arguments: path, requester.',
  },
  { update: skipFile, kind: 'skip', description: 'Skips a file, and stops it if it is running. Arguments: path, requester.' },
  { update: cancelFile, kind: 'cancel', description: 'Cancels a file: its verdict is notRun. Arguments: path, requester.' },
] as const;
