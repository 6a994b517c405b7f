'use strict';
// Converts events of Node's test runner to lines of JSON for Holdfast.

/** @import { TestEvent } from 'node:test/reporters' */

/**
 * The data that the reported events share.
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
 * Returns null for events that are not about a test.
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
 * What the process of a test file says at its end. `loaded`: built-in modules that the file loaded; null if unknown. `stayedOpen`: what
 * kept it alive until it was ended.
 * @typedef {{ loaded: readonly string[] | null, stayedOpen?: readonly string[] }} FileEnd
 */

/**
 * The last line of a report.
 * @param {FileEnd & { stderr: string }} end
 */
exports.endLine = (end) => `${JSON.stringify({ type: 'end', ...end })}\n`;

/**
 * Node wraps the error that a test threw; the original is its cause.
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
