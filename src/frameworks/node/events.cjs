'use strict';
// The events of node's test runner as lines of JSON, for Holdfast to read.

/** @import { TestEvent } from 'node:test/reporters' */

/**
 * What the reported events have in common.
 * @typedef {object} TestData
 * @property {string} name
 * @property {number} nesting
 * @property {string} [file]
 * @property {number} [line]
 * @property {number} [column]
 * @property {string | boolean} [skip]
 * @property {string | boolean} [todo]
 * @property {{ type?: string, duration_ms?: number, error?: TestFailure }} [details]
 */
/** @typedef {Error & { cause?: unknown, failureType?: string, exitCode?: number, signal?: string }} TestFailure */

const REPORTED = new Set(['test:enqueue', 'test:start', 'test:complete', 'test:pass', 'test:fail']);

/**
 * null for an event that says nothing of a test.
 * @param {TestEvent} event
 */
exports.lineOf = ({ type, data }) => {
  if (!REPORTED.has(type)) return null;
  const { name, nesting, file, line, column, skip, todo, details } = /** @type {TestData} */ (data);
  const error = details?.error;
  const event = {
    type: type.slice('test:'.length),
    name,
    nesting,
    place: `${file}:${line}:${column}`,
    isFile: name === file || (nesting === 0 && line === 1 && column === 1 && file?.endsWith(name)),
    isSuite: details?.type === 'suite',
    durationMs: details?.duration_ms ?? 0,
    skip,
    todo,
    error: error && describe(error),
  };
  return `${JSON.stringify(event)}\n`;
};

/**
 * What stands below the last event. `loaded`: modules of node that the file has loaded; null where that is not known.
 * @param {{ loaded: string[] | null, stderr: string }} end
 */
exports.endLine = ({ loaded, stderr }) => `${JSON.stringify({ type: 'end', loaded, stderr })}\n`;

/**
 * node wraps what a test threw; what people want to see is inside.
 * @param {TestFailure} error
 */
function describe(error) {
  const { cause } = error;
  const inner = /** @type {Partial<Error>} */ (typeof cause === 'object' && cause !== null ? cause : error);
  return {
    message: String(inner.message ?? error.message),
    stack: String(inner.stack ?? ''),
    failureType: error.failureType,
    exitCode: error.exitCode,
    signal: error.signal,
  };
}
