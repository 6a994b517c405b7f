import { condition } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import { type Change, describeChange, REASONS } from '../../core/model/change.js';
import type { SuiteInput } from '../../core/model/suite.js';
import { pauseRun, resumeRun, setMaxInFlight, setRunTimeout } from '../messages.js';
import type { RunState } from '../suite/run-state.js';
import { refusal, SOMEONE, takeUpdate } from './take-update.js';

/** What people decide over a run as a whole while it goes on: whether it goes on, how widely, and how long. */
export class RunControls {
  readonly #state: RunState;
  #limit: number | null;
  #timeoutMs: number | null;
  /** Called with the attempts that may be in flight from now on: null for no limit, 0 while the run is paused. */
  onLimit: (limit: number | null) => void = () => undefined;

  constructor(state: RunState, { maxInFlight, runTimeoutMs = null }: SuiteInput) {
    this.#state = state;
    this.#limit = maxInFlight;
    this.#timeoutMs = runTimeoutMs;
  }

  /** Attempts that may be in flight now: null for no limit, 0 while the run is paused. */
  get limit(): number | null {
    return this.#state.isPaused ? 0 : this.#limit;
  }

  /** Waits until the run's deadline passes, if it has one by then, and returns it as a reason. null when `isOver` comes first. */
  async pastTimeout(isOver: () => boolean): Promise<string | null> {
    for (;;) {
      const timeoutMs = this.#timeoutMs;
      const isNews = () => isOver() || this.#timeoutMs !== timeoutMs;
      if (timeoutMs === null) await condition(isNews);
      else {
        const leftMs = this.#state.startedAtMs + timeoutMs - Date.now();
        if (leftMs <= 0 || !(await condition(isNews, leftMs, { summary: 'deadline of the run' })))
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

/** Lets people steer the run while it goes on. Each change is checked, and recorded with who asked. */
export function takeRunControls(controls: RunControls, state: RunState): void {
  const mustGoOn = () => {
    if (state.phase === 'finishing' || state.phase === 'finished') throw refusal('The run has ended.');
  };
  takeUpdate(pauseRun, {
    description: 'Starts no further test file; what runs goes on: who asks.',
    check: (_who) => {
      mustGoOn();
      if (state.isPaused) throw refusal('The run is paused already.');
    },
    apply: (who) => controls.take({ kind: 'pause' }, who ?? SOMEONE),
  });
  takeUpdate(resumeRun, {
    description: 'Goes on after a pause: who asks.',
    check: (_who) => {
      mustGoOn();
      if (!state.isPaused) throw refusal('The run is not paused.');
    },
    apply: (who) => controls.take({ kind: 'resume' }, who ?? SOMEONE),
  });
  takeUpdate(setMaxInFlight, {
    description: 'Changes how many test files may be in flight at once; null takes the limit away: limit, who asks.',
    check: (limit) => {
      mustGoOn();
      if (limit !== null && !isCount(limit, DEFAULTS.largestCount))
        throw refusal(`The limit must be a whole number from 1 to ${DEFAULTS.largestCount}, or null; ${limit} is neither.`);
    },
    apply: (limit, who) => {
      controls.take({ kind: 'concurrency', limit }, who ?? SOMEONE);
      return limit;
    },
  });
  takeUpdate(setRunTimeout, {
    description: 'Changes how long the run may take, in ms from its start; null for ever: deadline, who asks.',
    check: (timeoutMs) => {
      mustGoOn();
      if (timeoutMs !== null && !isCount(timeoutMs, DEFAULTS.longestMs))
        throw refusal(
          `The deadline must be a whole number of ms from 1 to ${DEFAULTS.longestMs}, or null; ${timeoutMs} is neither.`,
        );
    },
    apply: (timeoutMs, who) => controls.take({ kind: 'runTimeout', timeoutMs }, who ?? SOMEONE),
  });
}

const isCount = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
