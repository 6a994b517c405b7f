import { statSync } from 'node:fs';
import { DEFAULTS } from '../../core/defaults.js';
import { readCapped } from '../output.js';

/** Splits the output of a session by file. */
export class SessionOutput {
  readonly #path: string;
  /** Byte offsets where the last file's output ends and the next file's output begins. */
  #end = 0;
  #begin = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Output written from now on belongs to the next file. */
  begin(): void {
    this.#begin = sizeOf(this.#path);
  }

  /** Returns the current file's output up to a byte offset. Output written between files comes first, marked as such. */
  read(upTo: number = sizeOf(this.#path)): string {
    const [between, own] = [this.#text(this.#end, this.#begin), this.#text(this.#begin, upTo)];
    this.#end = upTo;
    this.#begin = upTo;
    if (between === '') return own;
    return `[holdfast: the process wrote this before the file started]\n${between}\n[holdfast: and this since then]\n${own}`;
  }

  #text(from: number, to: number): string {
    return from >= to ? '' : readCapped(this.#path, DEFAULTS.outputBytes, { from, to });
  }
}

/** Synchronous, because a thread-pool round trip costs more than the call. */
const sizeOf = (file: string) => statSync(file).size;
