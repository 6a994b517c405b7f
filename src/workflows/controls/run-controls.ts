import { condition } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import { type Change, describeChange, REASONS } from '../../core/model/change.js';
import type { SuiteInput } from '../../core/model/suite.js';
import { pauseRun, resumeRun, setMaxInFlight, setRunTimeout } from '../messages.js';
import type { RunState } from '../suite/run-state.js';
import { refusal, takeUpdate } from './take-update.js';

/** Applies the changes that people make to a run as a whole: pause, concurrency and timeout. */
export class RunControls {
  readonly #state: RunState;
  #limit: number | null;
  #timeoutMs: number | null;
  /** Called with the new limit of attempts in flight: null for no limit, 0 while the run is paused. */
  onLimit: (limit: number | null) => void = () => undefined;

  constructor(state: RunState, { maxInFlight, runTimeoutMs = null }: SuiteInput) {
    this.#state = state;
    this.#limit = maxInFlight;
    this.#timeoutMs = runTimeoutMs;
  }

  /** The current limit of attempts in flight: null for no limit, 0 while the run is paused. */
  get limit(): number | null {
    return this.#state.isPaused ? 0 : this.#limit;
  }

  /** Waits for the run's timeout, which may change meanwhile, and returns it as a reason; null once `isOver` is true. */
  async pastTimeout(isOver: () => boolean): Promise<string | null> {
    for (;;) {
      const timeoutMs = this.#timeoutMs;
      const hasChanged = () => isOver() || this.#timeoutMs !== timeoutMs;
      if (timeoutMs === null) await condition(hasChanged);
      else {
        const leftMs = this.#state.startedAtMs + timeoutMs - Date.now();
        if (leftMs <= 0 || !(await condition(hasChanged, leftMs, { summary: 'timeout of the run' })))
          return REASONS.runTimeout(timeoutMs);
      }
      if (isOver()) return null;
    }
  }

  take(change: Extract<Change, { kind: 'pause' | 'resume' | 'concurrency' | 'runTimeout' }>, who: string): void {
    switch (change.kind) {
      case 'pause':
      case 'resume':
        this.#state.isPaused = change.kind === 'pause';
        break;
      case 'concurrency':
        this.#limit = change.limit;
        break;
      case 'runTimeout':
        this.#timeoutMs = change.timeoutMs;
    }
    this.#state.changed(describeChange(change), who);
    if (change.kind !== 'runTimeout') this.onLimit(this.limit);
  }
}

/** Installs the updates that control the run. Each is checked, and recorded with its requester. */
export function takeRunControls(controls: RunControls, state: RunState, input: SuiteInput): void {
  const requireActive = () => {
    if (state.phase === 'finishing' || state.phase === 'finished') throw refusal('The run has ended.');
  };
  takeUpdate(pauseRun, {
    description: 'Starts no more test files; running ones continue. Argument: requester.',
    check: (_who) => {
      requireActive();
      if (state.isPaused) throw refusal('The run is already paused.');
    },
    apply: (who, _request) => controls.take({ kind: 'pause' }, who),
    input,
  });
  takeUpdate(resumeRun, {
    description: 'Resumes a paused run. Argument: requester.',
    check: (_who) => {
      requireActive();
      if (!state.isPaused) throw refusal('The run is not paused.');
    },
    apply: (who, _request) => controls.take({ kind: 'resume' }, who),
    input,
  });
  takeUpdate(setMaxInFlight, {
    description: 'Changes how many test files may be in flight; null removes the limit. Arguments: limit, requester.',
    check: (limit, _request) => {
      requireActive();
      if (limit !== null && !isCount(limit, DEFAULTS.largestCount))
        throw refusal(`The limit must be a whole number from 1 to ${DEFAULTS.largestCount}, or null; ${limit} is neither.`);
    },
    apply: (who, limit, _request) => {
      controls.take({ kind: 'concurrency', limit }, who);
      return limit;
    },
    input,
  });
  takeUpdate(setRunTimeout, {
    description: 'Changes how long the run may take, in ms from its start; null for no limit. Arguments: timeout, requester.',
    check: (timeoutMs, _request) => {
      requireActive();
      if (timeoutMs !== null && !isCount(timeoutMs, DEFAULTS.longestMs))
        throw refusal(
          `The timeout must be a whole number of ms from 1 to ${DEFAULTS.longestMs}, or null; ${timeoutMs} is neither.`,
        );
    },
    apply: (who, timeoutMs, _request) => controls.take({ kind: 'runTimeout', timeoutMs }, who),
    input,
  });
}

const isCount = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
