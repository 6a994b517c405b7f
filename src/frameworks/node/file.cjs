'use strict';
// Waits to be told a test file, and becomes its process: from there on all is as if node had been started with that file.

const { closeSync, readFileSync, writeFileSync } = require('node:fs');
const { runMain } = require('node:module');
const { spec } = require('node:test/reporters');
const { endLine, lineOf } = require('./events.cjs');

const CHANNEL = 3;

const told = readFileSync(CHANNEL, 'utf8');
closeSync(CHANNEL);
if (told === '') process.exit(0); // Nobody wants it any more.
const { path, env, report } = JSON.parse(told);
overhear(Object.getPrototypeOf(new spec()), report);
Object.assign(process.env, env);
process.argv[1] = path;
delete require.cache[__filename];
runMain();

/** Writes down what the `spec` reporter is given. One of our own would be an ES module to node: to load a first one takes a fifth of a small file. */
function overhear(reporter, report) {
  const { _transform: transform, _flush: flush = (done) => done() } = reporter;
  const lines = [];
  reporter._transform = function (event, ...rest) {
    lines.push(lineOf(event) ?? '');
    return transform.call(this, event, ...rest);
  };
  reporter._flush = function (done) {
    writeFileSync(report, lines.join('') + endLine({ loaded: null, stderr: '' }));
    return flush.call(this, done);
  };
}
