import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ObjectStore } from '../../adapters/objects/index.js';
import { messageOf } from '../../core/errors.js';
import type { SuiteFolder } from '../framework.js';
import { suiteKeyOf } from './start-times.js';

/**
 * Why a file runs in a process of its own: it left something open that could still change its exit code, or it was red in a session
 * after other files and green alone.
 */
const whySchema = z.enum(['leavesOpen', 'redAfterOthers']);
type Why = z.infer<typeof whySchema>;
const filesSchema = z.record(z.string(), whySchema);

/** The files of a suite that only a process of their own can judge. Kept for the next runs on this machine. */
export class LoneFiles {
  readonly #store: ObjectStore;
  readonly #log: (line: string) => void;
  readonly #known = new Map<string, Promise<Map<string, Why>>>();

  /** `log` receives storage errors; a file is then only known to this worker. */
  constructor(store: ObjectStore, log: (line: string) => void) {
    this.#store = store;
    this.#log = log;
  }

  async has(suite: SuiteFolder, file: string): Promise<boolean> {
    return (await this.#of(suite)).has(file);
  }

  async add(suite: SuiteFolder, file: string, why: Why): Promise<void> {
    const files = await this.#of(suite);
    if (files.has(file)) return;
    files.set(file, why);
    await this.#keep(suite, files);
  }

  /** Records that the file left nothing open this time. */
  async closed(suite: SuiteFolder, file: string): Promise<void> {
    const files = await this.#of(suite);
    if (files.get(file) !== 'leavesOpen') return;
    files.delete(file);
    await this.#keep(suite, files);
  }

  async #keep(suite: SuiteFolder, files: ReadonlyMap<string, Why>): Promise<void> {
    const text = JSON.stringify(Object.fromEntries([...files].sort()));
    await this.#store.put(objectOf(suite), text).catch((error: unknown) => this.#fail(error));
  }

  #of(suite: SuiteFolder): Promise<Map<string, Why>> {
    const key = suiteKeyOf(suite);
    const known = this.#known.get(key) ?? this.#read(suite);
    this.#known.set(key, known);
    return known;
  }

  async #read(suite: SuiteFolder): Promise<Map<string, Why>> {
    try {
      const stored = await this.#store.get(objectOf(suite));
      return new Map(stored ? Object.entries(filesSchema.parse(JSON.parse(Buffer.from(stored).toString()))) : []);
    } catch (error) {
      this.#fail(error);
      return new Map();
    }
  }

  #fail(error: unknown): void {
    this.#log(`Which files need a process of their own cannot be kept between runs: ${messageOf(error)}`);
  }
}

const objectOf = (suite: SuiteFolder) => `alone/${createHash('sha256').update(suiteKeyOf(suite)).digest('hex').slice(0, 16)}`;
