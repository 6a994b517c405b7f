'use strict';
// The session's end of the channel to its worker; ../protocol.ts has the messages.

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

/** Opens the channel. This process ends with it: when the worker closes it, and when a test has. */
exports.openChannel = () => {
  const socket = new Socket({ fd: CHANNEL });
  socket.on('end', () => process.exit(0));
  socket.on('error', () => process.exit(1));

  /**
   * Resolves when the answer is written: what begins after that may end this process.
   * @param {Answer} answer
   * @returns {Promise<void>}
   */
  const send = (answer) => new Promise((resolve) => socket.write(`${JSON.stringify(answer)}\n`, () => resolve()));

  return {
    send,

    /**
     * Works on one order after the other, once what is being prepared is there; each gets it. Where that rejects, its message is
     * why no order can be worked on. Where `run` or `list` rejects, this process ends, without an answer for the files that have
     * none yet.
     * @template Options, Prepared
     * @param {Promise<Prepared>} preparing
     * @param {Work<Options, Prepared>} work
     */
    serve(preparing, { run, list = () => send({ kind: 'cannot', reason: 'its session lists no files' }) }) {
      const unprepared = preparing.then(
        () => null,
        (/** @type {Error} */ { message }) => message,
      );
      let last = Promise.resolve();
      createInterface({ input: socket }).on('line', (line) => {
        last = last.then(async () => {
          const order = /** @type {Order<Options> | null} */ (parseOrder(line));
          const reason = order === null ? `its session does not understand ${line}` : await unprepared;
          if (reason !== null || order === null) await send({ kind: 'cannot', reason: reason ?? '' });
          else if (order.kind === 'list') await list(await preparing);
          else await run(order, await preparing);
        });
      });
    },

    /** Ends the channel, and this process, once all answers are written. */
    close() {
      socket.end();
    },
  };
};

/**
 * null for what is no order. The options are what the adapter makes them.
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
