'use strict';
// Sends the answers for files that one framework call runs together, in the order requested, whatever order the framework runs
// them in.

/** @import { ExitedAnswer } from '../protocol.js' */
/** @typedef {Pick<ExitedAnswer, 'exitCode' | 'report' | 'durationMs'>} End */

let written = 0;

/**
 * Writes to this process's stdout, where the worker finds the output of each file.
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
  /** Files without an answer yet, in order: the output of each before its turn, and how it ended. */
  #open;

  /**
   * @param {readonly string[]} files
   * @param {(answer: ExitedAnswer) => unknown} send
   */
  constructor(files, send) {
    this.#send = send;
    this.#open = new Map(files.map((file) => [file, /** @type {{ output: string, end?: End }} */ ({ output: '' })]));
  }

  /**
   * Writes output of the current file immediately, in case it never ends, and buffers that of the others until their turn.
   * @param {string} file
   * @param {string} text
   */
  async say(file, text) {
    const waiting = this.#open.get(file);
    if (file === this.#next()) await write(text);
    else if (waiting && !waiting.end) waiting.output += text;
  }

  /**
   * Marks a file as ended and sends all answers that are due. The last one waits for `close`, since the next order follows it.
   * @param {string} file
   * @param {End} end
   */
  async end(file, end) {
    const waiting = this.#open.get(file);
    if (!waiting || waiting.end) return;
    waiting.end = end;
    while (this.#open.size > 1 && this.#open.get(this.#next() ?? '')?.end) await this.#answer();
  }

  /**
   * Answers for the remaining files. Those that have not ended are red, and will be rerun on their own. `callMs` goes into the last answer.
   * @param {Pick<ExitedAnswer, 'callMs'>} call
   */
  async close(call) {
    while (this.#open.size > 0) await this.#answer(this.#open.size === 1 ? call : {});
  }

  /** The file to be answered for next. */
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
    await write(this.#open.get(this.#next() ?? '')?.output ?? '');
  }
};
