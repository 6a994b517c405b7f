import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../adapters/objects/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { messageOf } from '../../core/errors.js';
import type { SuiteFolder } from '../framework.js';
import type { FileRun } from '../run-file.js';

/** `ms`: the shortest seen; null where none was. `hasPaid`: a process was worth keeping once, in this run or an earlier one. */
type Start = { readonly ms: number | null; readonly hasPaid: boolean };

/**
 * What starting a process takes, by suite: where no case ran. Where it was seen to pay to keep one, that outlives this worker, so
 * that the next run of the suite on this machine need not find out again.
 */
export class StartTimes {
  readonly #kept: ObjectStore;
  readonly #log: (line: string) => void;
  readonly #known = new Map<string, Start>();

  /** `log` is told where what was seen cannot be kept or read: it is then as good as not known. */
  constructor(kept: ObjectStore, log: (line: string) => void) {
    this.#kept = kept;
    this.#log = log;
  }

  /** Is the start a good part of what a file is expected to take? Unknown files and unknown starts are not said to be. */
  async areDear(suite: SuiteFolder, estimateMs: number | null): Promise<boolean> {
    const { ms, hasPaid } = await this.#of(suite);
    const isDear = ms !== null && estimateMs !== null && ms >= DEFAULTS.startToKeep * estimateMs;
    if (isDear && !hasPaid) await this.#set(suite, { ms, hasPaid: true });
    return isDear;
  }

  async hasPaid(suite: SuiteFolder): Promise<boolean> {
    return (await this.#of(suite)).hasPaid;
  }

  /** What a file took in a process of its own. */
  async learn(suite: SuiteFolder, { end, durationMs }: FileRun): Promise<void> {
    if (end.kind !== 'passed') return;
    const startMs = Math.max(0, durationMs - end.cases.reduce((sum, one) => sum + one.durationMs, 0));
    const { ms, hasPaid } = await this.#of(suite);
    if (ms === null || startMs < ms) await this.#set(suite, { ms: startMs, hasPaid });
  }

  async #of(suite: SuiteFolder): Promise<Start> {
    const key = suiteKeyOf(suite);
    const known = this.#known.get(key);
    if (known) return known;
    const kept = await this.#kept.get(objectOf(key)).catch((error: unknown) => this.#fail(error));
    const ms = kept && Number.parseFloat(Buffer.from(kept).toString());
    const read = ms === null || Number.isNaN(ms) ? { ms: null, hasPaid: false } : { ms, hasPaid: true };
    const start = this.#known.get(key) ?? read; // Another file may have been first.
    this.#known.set(key, start);
    return start;
  }

  async #set(suite: SuiteFolder, start: Start): Promise<void> {
    const key = suiteKeyOf(suite);
    this.#known.set(key, start);
    if (start.hasPaid) await this.#kept.put(objectOf(key), `${start.ms}\n`).catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): null {
    this.#log(`What a start takes is not known to the next run: ${messageOf(error)}`);
    return null;
  }
}

/** What tells a suite from others on this machine. It has the suite's variables in it: not for files. */
export const suiteKeyOf = ({ cwd, spec }: SuiteFolder) => JSON.stringify([cwd, spec]);

const objectOf = (key: string) => `starts/${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
