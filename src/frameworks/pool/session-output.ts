import { statSync } from 'node:fs';
import { DEFAULTS } from '../../core/defaults.js';
import { readCapped } from '../output.js';

/** The output of a session, divided among its files. */
export class SessionOutput {
  readonly #path: string;
  /** Where the output of the last file ends, and that of the next one begins, in bytes. */
  #end = 0;
  #begin = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** What is written from now on is of the next file. */
  begin(): void {
    this.#begin = sizeOf(this.#path);
  }

  /**
   * What a file has written, up to a place in bytes. What was written before it began belongs to no file, stands before it, and
   * is said to be so.
   */
  read(upTo: number = sizeOf(this.#path)): string {
    const [between, own] = [this.#text(this.#end, this.#begin), this.#text(this.#begin, upTo)];
    this.#end = upTo;
    this.#begin = upTo;
    if (between === '') return own;
    return `[holdfast: its process wrote this before the file began]\n${between}\n[holdfast: and this since]\n${own}`;
  }

  #text(from: number, to: number): string {
    return from >= to ? '' : readCapped(this.#path, DEFAULTS.outputBytes, { from, to });
  }
}

/** At once: a hop to another thread takes longer than the call. */
const sizeOf = (file: string) => statSync(file).size;
