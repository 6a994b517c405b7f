'use strict';
// Waits for a test file, then becomes its process: from there on, everything is as if node had been started with that file.

const { closeSync, readFileSync, writeFileSync } = require('node:fs');
const { runMain } = require('node:module');
const { spec } = require('node:test/reporters');
const { endWhenOpen } = require('./ended.cjs');
const { endLine, lineOf } = require('./events.cjs');

/** @import { Transform, TransformCallback } from 'node:stream' */
/** @import { TestEvent } from 'node:test/reporters' */

/**
 * The test file, its environment variables and the path of its report.
 * @typedef {{ path: string, env: Readonly<Record<string, string>>, report: string }} FileOrder
 */

const CHANNEL = 3;

const text = readFileSync(CHANNEL, 'utf8');
closeSync(CHANNEL);
if (text === '') process.exit(0); // The session ended without needing this process.
/** @type {FileOrder} */
const { path, env, report } = JSON.parse(text);
Object.assign(process.env, env);
process.argv[1] = path;
recordEvents(Object.getPrototypeOf(new spec()), report);
delete require.cache[__filename];
runMain();

/**
 * Records the events that the `spec` reporter receives. Node would load a custom reporter as an ES module, and loading the first one
 * takes a fifth of the run time of a small file.
 * @param {Transform} reporter
 * @param {string} report
 */
function recordEvents(reporter, report) {
  const { _transform: transform, _flush: flush = (/** @type {TransformCallback} */ done) => done() } = reporter;
  /** @type {string[]} */
  const lines = [];
  /** @type {{ stayedOpen?: readonly string[] }} */
  const open = {};
  endWhenOpen((names) => {
    open.stayedOpen = names;
  });
  reporter._transform = function (/** @type {TestEvent} */ event, encoding, done) {
    lines.push(lineOf(event) ?? '');
    return transform.call(this, event, encoding, done);
  };
  reporter._flush = function (done) {
    writeFileSync(report, lines.join('') + endLine({ loaded: null, ...open, stderr: '' }));
    return flush.call(this, done);
  };
}
