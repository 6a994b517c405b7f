'use strict';
// Answers for files that one call of a framework runs together, in the order they were asked for, whatever order it takes them in.

let written = 0;

/** To this process's output, where the worker finds what each file has said. */
function write(text) {
  const bytes = Buffer.from(text);
  written += bytes.length;
  return new Promise((resolve) => process.stdout.write(bytes, resolve));
}
exports.write = write;

exports.InTurn = class {
  #send;
  #files;
  #at = 0;
  #noted = new Map();

  /** `send` gets an answer for each file. */
  constructor(files, send) {
    this.#send = send;
    this.#files = files;
    for (const file of files) this.#noted.set(file, { said: '' });
  }

  isOpen(file) {
    return this.#noted.has(file) && this.#noted.get(file).told === undefined;
  }

  /** What the file whose turn it is says is there at once, should it never end; of the others, when they are answered for. */
  async say(file, text) {
    if (file === this.#files[this.#at]) await write(text);
    else if (this.isOpen(file)) this.#noted.get(file).said += text;
  }

  /** The last answer waits for `close`: after it the next order comes. */
  async end(file, told) {
    if (!this.isOpen(file)) return;
    this.#noted.get(file).told = told;
    while (this.#at < this.#files.length - 1 && !this.isOpen(this.#files[this.#at])) await this.#tell();
  }

  /** Answers for the others: one that has not ended is red, and runs by itself. `more`: told with the last. */
  async close(more) {
    while (this.#at < this.#files.length) await this.#tell(this.#at === this.#files.length - 1 ? more : {});
  }

  async #tell(more) {
    const file = this.#files[this.#at];
    const { told = { exitCode: 1 } } = this.#noted.get(file);
    this.#noted.delete(file);
    this.#at += 1;
    this.#send({ kind: 'exited', file, ...told, ...more, outputEnd: written });
    await write(this.#noted.get(this.#files[this.#at])?.said ?? '');
  }
};
