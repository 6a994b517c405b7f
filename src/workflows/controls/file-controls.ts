import { CancellationScope, setHandler } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import { describeChange, type FileChange, NO_SUCH_FILE, REASONS } from '../../core/model/change.js';
import type { PlannedFile, SuiteInput } from '../../core/model/suite.js';
import type { Ending } from '../../core/schedule/next-turn.js';
import { cancelFile, extendFile, quarantineFile, skipFile, timeoutQuery } from '../messages.js';
import type { RunState } from '../suite/run-state.js';
import { refusal, SOMEONE, takeUpdate } from './take-update.js';

/** What people asked of single files while they have no verdict yet, and what becomes of it. */
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

  /** How a person wanted the file to end; undefined where nobody did. */
  endingOf(path: string): Ending | undefined {
    return this.#endings.get(path);
  }

  /** Who shields the file, as a reason; undefined where nobody does. */
  quarantineOf(path: string): string | undefined {
    return this.#quarantined.get(path);
  }

  /** How long an attempt may run as of now. */
  timeoutMsOf({ path, timeoutMs = this.#suiteTimeoutMs }: Pick<PlannedFile, 'path' | 'timeoutMs'>): number {
    return timeoutMs + (this.#extraMs.get(path) ?? 0);
  }

  /** Waits for an attempt at files, any of which a person may end meanwhile: a cancellation is thrown then. */
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

  /** Throws a sentence when the change cannot be granted. Reads only. */
  check(change: FileChange): void {
    const { path } = change;
    const file = this.#state.books.openFile(path);
    if (file === 'unknown') throw refusal(`${path} is not a test file of this run.`, NO_SUCH_FILE);
    if (file === 'judged') throw refusal(`${path} has its verdict already; it stays as it is.`);
    if (change.kind !== 'extend') return;
    const leftMs = (file.timeoutMs ?? this.#suiteTimeoutMs) - (this.#extraMs.get(path) ?? 0);
    if (!Number.isInteger(change.byMs) || change.byMs < 1)
      throw refusal('A timeout is extended by a whole number of ms, from 1.');
    if (change.byMs > leftMs)
      throw refusal(`The timeout of ${path} can be extended by at most ${leftMs} ms more: once over, by its own length.`);
  }

  #end(path: string, ending: Ending): void {
    this.#endings.set(path, ending);
    for (const scope of this.#running.get(path) ?? []) scope.cancel();
  }
}

/** Lets people change single files while the run goes on. Each change is checked, and recorded with who asked. */
export function takeFileControls(controls: FileControls, state: RunState): void {
  setHandler(timeoutQuery, (activityId) => {
    const file = state.fileOfAttempt(activityId);
    return file === undefined ? null : controls.timeoutMsOf(file);
  });
  for (const { update, kind, description } of BY_PATH) {
    takeUpdate(update, {
      description,
      check: (path) => controls.check({ kind, path }),
      apply: (path, who) => controls.take({ kind, path }, who ?? SOMEONE),
    });
  }
  takeUpdate(extendFile, {
    description: 'Lets attempts at a file run longer: path, ms, who asks.',
    check: (path, byMs) => controls.check({ kind: 'extend', path, byMs }),
    apply: (path, byMs, who) => controls.take({ kind: 'extend', path, byMs }, who ?? SOMEONE),
  });
}

const BY_PATH = [
  { update: quarantineFile, kind: 'quarantine', description: 'Lets a file fail without failing the run: path, who asks.' },
  { update: skipFile, kind: 'skip', description: 'Leaves a file out, ends it if it runs: path, who asks.' },
  { update: cancelFile, kind: 'cancel', description: 'Ends a file, which is then not run: path, who asks.' },
] as const;
