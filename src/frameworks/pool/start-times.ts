import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../adapters/objects/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { messageOf } from '../../core/errors.js';
import { medianOf } from '../../core/history/median.js';
import type { SuiteFolder } from '../framework.js';
import type { FileRun } from '../run-file.js';

type Start = {
  /** Shortest start seen; null before the first. */
  readonly ms: number | null;
  /** Keeping a process was worthwhile at least once, in this run or an earlier one. */
  readonly hasPaid: boolean;
  /** Durations of the files that this worker ran in their own processes. */
  readonly files: readonly number[];
};

/**
 * The start-up time of a framework process per suite: the part of an attempt in which no case ran. For suites in which sessions
 * paid off it is stored, so that the next run on this machine need not measure it again.
 */
export class StartTimes {
  readonly #store: ObjectStore;
  readonly #log: (line: string) => void;
  readonly #known = new Map<string, Start>();

  /** `log` receives storage errors; the time in question is then treated as unknown. */
  constructor(store: ObjectStore, log: (line: string) => void) {
    this.#store = store;
    this.#log = log;
  }

  /**
   * Whether the start-up is a significant share of the file's estimate. Without an estimate, the file is taken to be like the median
   * of those seen or, before the first, like those of earlier runs. False until a start-up has been seen.
   */
  async areExpensive(suite: SuiteFolder, estimateMs: number | null): Promise<boolean> {
    const start = await this.#of(suite);
    const expectedMs = estimateMs ?? medianOf(start.files);
    if (start.ms === null || expectedMs === null) return start.hasPaid && estimateMs === null;
    const isExpensive = start.ms >= DEFAULTS.startToKeep * expectedMs;
    if (isExpensive && !start.hasPaid) await this.#set(suite, { ...start, hasPaid: true });
    return isExpensive;
  }

  async hasPaid(suite: SuiteFolder): Promise<boolean> {
    return (await this.#of(suite)).hasPaid;
  }

  /** Records the start-up time of a file that ran in its own process. */
  async learn(suite: SuiteFolder, { end, durationMs }: FileRun): Promise<void> {
    if (end.kind !== 'passed') return;
    const startMs = Math.max(0, durationMs - end.cases.reduce((sum, testCase) => sum + testCase.durationMs, 0));
    const { ms, hasPaid, files } = await this.#of(suite);
    await this.#set(suite, { ms: Math.min(ms ?? startMs, startMs), hasPaid, files: [...files, durationMs] });
  }

  async #of(suite: SuiteFolder): Promise<Start> {
    const key = suiteKeyOf(suite);
    const known = this.#known.get(key);
    if (known) return known;
    const stored = await this.#store.get(objectOf(key)).catch((error: unknown) => this.#fail(error));
    const ms = stored && Number.parseFloat(Buffer.from(stored).toString());
    const read = ms === null || Number.isNaN(ms) ? { ms: null, hasPaid: false, files: [] } : { ms, hasPaid: true, files: [] };
    const start = this.#known.get(key) ?? read; // Another file may have set it meanwhile.
    this.#known.set(key, start);
    return start;
  }

  async #set(suite: SuiteFolder, start: Start): Promise<void> {
    const key = suiteKeyOf(suite);
    const before = this.#known.get(key);
    this.#known.set(key, start);
    if (start.hasPaid && (start.ms !== before?.ms || !before.hasPaid))
      await this.#store.put(objectOf(key), `${start.ms}\n`).catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): null {
    this.#log(`The start-up time of test processes cannot be kept between runs: ${messageOf(error)}`);
    return null;
  }
}

/** Identifies a suite on this machine. Contains the suite's environment variables, so never write it to a file. */
export const suiteKeyOf = ({ cwd, spec }: SuiteFolder) => JSON.stringify([cwd, spec]);

const objectOf = (key: string) => `starts/${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
