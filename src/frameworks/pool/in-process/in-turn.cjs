'use strict';
// Answers for files that one call of a framework runs together, in the order they were asked for, whatever order it takes them
// in.

/** @import { ExitedAnswer } from '../protocol.js' */
/** @typedef {Pick<ExitedAnswer, 'exitCode' | 'report' | 'durationMs'>} End */

let written = 0;

/**
 * To this process's output, where the worker finds what each file has said.
 * @param {string | Buffer} text
 * @returns {Promise<void>}
 */
function write(text) {
  const bytes = Buffer.from(text);
  written += bytes.length;
  return new Promise((resolve) => process.stdout.write(bytes, () => resolve()));
}
exports.write = write;

exports.InTurn = class {
  #send;
  /** Files that have no answer yet, in their order: what each has said before its turn, and how it ended. */
  #open;

  /**
   * @param {readonly string[]} files
   * @param {(answer: ExitedAnswer) => unknown} send
   */
  constructor(files, send) {
    this.#send = send;
    this.#open = new Map(files.map((file) => [file, /** @type {{ said: string, end?: End }} */ ({ said: '' })]));
  }

  /**
   * What the file whose turn it is says is there at once, should it never end; of the others, when they are answered for.
   * @param {string} file
   * @param {string} text
   */
  async say(file, text) {
    const one = this.#open.get(file);
    if (file === this.#next()) await write(text);
    else if (one && !one.end) one.said += text;
  }

  /**
   * The last answer waits for `close`: after it the next order comes.
   * @param {string} file
   * @param {End} end
   */
  async end(file, end) {
    const one = this.#open.get(file);
    if (!one || one.end) return;
    one.end = end;
    while (this.#open.size > 1 && this.#open.get(this.#next() ?? '')?.end) await this.#answer();
  }

  /**
   * Answers for the others: one that has not ended is red, and runs by itself. `callMs` is told with the last.
   * @param {Pick<ExitedAnswer, 'callMs'>} call
   */
  async close(call) {
    while (this.#open.size > 0) await this.#answer(this.#open.size === 1 ? call : {});
  }

  /** The file whose turn it is. */
  #next() {
    return this.#open.keys().next().value;
  }

  /** @param {Pick<ExitedAnswer, 'callMs'>} [call] */
  async #answer(call) {
    for (const [file, { end = { exitCode: 1 } }] of this.#open) {
      this.#open.delete(file);
      this.#send({ kind: 'exited', file, ...end, ...call, outputEnd: written });
      break;
    }
    await write(this.#open.get(this.#next() ?? '')?.said ?? '');
  }
};
