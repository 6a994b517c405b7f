import { createHash } from 'node:crypto';
import type { ObjectStore } from '../../adapters/objects/index.js';
import { messageOf } from '../../core/errors.js';
import type { SuiteFolder } from '../framework.js';
import { suiteKeyOf } from './start-times.js';

/**
 * The files of a suite that were seen to leave something open that could still change their exit code. Only a process of their own
 * can judge them, so they have one from the start. Kept for the next runs on this machine.
 */
export class OpenFiles {
  readonly #store: ObjectStore;
  readonly #log: (line: string) => void;
  readonly #known = new Map<string, Promise<Set<string>>>();

  /** `log` receives storage errors; a file is then only known to this worker. */
  constructor(store: ObjectStore, log: (line: string) => void) {
    this.#store = store;
    this.#log = log;
  }

  async has(suite: SuiteFolder, file: string): Promise<boolean> {
    return (await this.#of(suite)).has(file);
  }

  /** Records what was seen of a file last. */
  async learn(suite: SuiteFolder, file: string, leavesOpen: boolean): Promise<void> {
    const files = await this.#of(suite);
    if (files.has(file) === leavesOpen) return;
    if (leavesOpen) files.add(file);
    else files.delete(file);
    const text = JSON.stringify([...files].sort());
    await this.#store.put(objectOf(suite), text).catch((error: unknown) => this.#fail(error));
  }

  #of(suite: SuiteFolder): Promise<Set<string>> {
    const key = suiteKeyOf(suite);
    const known = this.#known.get(key) ?? this.#read(suite);
    this.#known.set(key, known);
    return known;
  }

  async #read(suite: SuiteFolder): Promise<Set<string>> {
    try {
      const stored = await this.#store.get(objectOf(suite));
      return new Set(stored ? (JSON.parse(Buffer.from(stored).toString()) as string[]) : []);
    } catch (error) {
      this.#fail(error);
      return new Set();
    }
  }

  #fail(error: unknown): void {
    this.#log(`Which files leave something open cannot be kept between runs: ${messageOf(error)}`);
  }
}

const objectOf = (suite: SuiteFolder) => `open/${createHash('sha256').update(suiteKeyOf(suite)).digest('hex').slice(0, 16)}`;
