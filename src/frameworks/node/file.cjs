'use strict';
// Waits to be told a test file, and becomes its process: from there on all is as if node had been started with that file.

const { closeSync, readFileSync, writeFileSync } = require('node:fs');
const { runMain } = require('node:module');
const { spec } = require('node:test/reporters');
const { endLine, lineOf } = require('./events.cjs');

/** @import { Transform, TransformCallback } from 'node:stream' */
/** @import { TestEvent } from 'node:test/reporters' */

/**
 * The file, its variables, and where its report goes.
 * @typedef {{ path: string, env: Readonly<Record<string, string>>, report: string }} FileOrder
 */

const CHANNEL = 3;

const text = readFileSync(CHANNEL, 'utf8');
closeSync(CHANNEL);
if (text === '') process.exit(0); // Nobody wants it any more.
/** @type {FileOrder} */
const { path, env, report } = JSON.parse(text);
overhear(Object.getPrototypeOf(new spec()), report);
Object.assign(process.env, env);
process.argv[1] = path;
delete require.cache[__filename];
runMain();

/**
 * Writes down what the `spec` reporter is given. One of our own would be an ES module to node: to load a first one takes a fifth
 * of a small file.
 * @param {Transform} reporter
 * @param {string} report
 */
function overhear(reporter, report) {
  const { _transform: transform, _flush: flush = (/** @type {TransformCallback} */ done) => done() } = reporter;
  /** @type {string[]} */
  const lines = [];
  reporter._transform = function (/** @type {TestEvent} */ event, encoding, done) {
    lines.push(lineOf(event) ?? '');
    return transform.call(this, event, encoding, done);
  };
  reporter._flush = function (done) {
    writeFileSync(report, lines.join('') + endLine({ loaded: null, stderr: '' }));
    return flush.call(this, done);
  };
}
