'use strict';
// The session's end of the channel to its worker; see ../protocol.ts for the messages.

/** @import { Answer, Order, RunOrder } from '../protocol.js' */

const { Socket } = require('node:net');
const { createInterface } = require('node:readline');

/**
 * @template Options, Prepared
 * @typedef {object} Work
 * @property {(order: RunOrder<Options>, prepared: Prepared) => Promise<unknown>} run
 * @property {(prepared: Prepared) => Promise<unknown>} [list]
 */

const CHANNEL = 3;

/**
 * Opens the channel. The process exits when the channel is closed, whether by the worker or by a test; after `atEnd`, for which the
 * worker waits only if the adapter says so (`endGraceMs`).
 * @param {{ atEnd?: () => Promise<unknown> }} [options]
 */
exports.openChannel = ({ atEnd = async () => undefined } = {}) => {
  const socket = new Socket({ fd: CHANNEL });
  socket.on('end', async () => {
    await atEnd().catch((error) => console.error(error));
    process.exit(0);
  });
  socket.on('error', () => process.exit(1));

  /**
   * Resolves once the answer is written, since whatever runs next may end this process.
   * @param {Answer} answer
   * @returns {Promise<void>}
   */
  const send = (answer) => new Promise((resolve) => socket.write(`${JSON.stringify(answer)}\n`, () => resolve()));

  return {
    send,

    /**
     * Handles one order at a time, passing the result of `preparing` to each. If `preparing` rejects, every order is answered with
     * `cannot` and the error's message. If `run` or `list` rejects, this process ends, and files without an answer get none.
     * @template Options, Prepared
     * @param {Promise<Prepared>} preparing
     * @param {Work<Options, Prepared>} work
     */
    serve(preparing, { run, list = () => send({ kind: 'cannot', reason: 'the session cannot list files' }) }) {
      const unprepared = preparing.then(
        () => null,
        (/** @type {Error} */ { message }) => message,
      );
      let last = Promise.resolve();
      createInterface({ input: socket }).on('line', (line) => {
        last = last.then(async () => {
          const order = /** @type {Order<Options> | null} */ (parseOrder(line));
          const reason = order === null ? `the session does not understand ${line}` : await unprepared;
          if (reason !== null || order === null) await send({ kind: 'cannot', reason: reason ?? '' });
          else if (order.kind === 'list') await list(await preparing);
          else await run(order, await preparing);
        });
      });
    },

    /**
     * Waits for `work`, during which the channel does not keep this process alive. If nothing else does, it ends without an answer, as
     * the framework's own process would.
     * @template T
     * @param {() => Promise<T>} work
     * @returns {Promise<T>}
     */
    async whileOpen(work) {
      socket.unref();
      try {
        return await work();
      } finally {
        socket.ref();
      }
    },

    /** Closes the channel, and with it this process, once all answers are written. */
    close() {
      socket.end();
    },
  };
};

/**
 * Returns null if the line is not an order. `options` are not checked beyond being an object: they come from the adapter.
 * @param {string} line
 */
function parseOrder(line) {
  try {
    const order = JSON.parse(line);
    if (order.kind === 'list') return order;
    const isRun = order.kind === 'run' && Array.isArray(order.files) && isObject(order.env) && isObject(order.options);
    return isRun ? order : null;
  } catch {
    return null;
  }
}

/** @param {unknown} value */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}
