'use strict';
// Runs jest's command for one test file in this process. What the file leaves behind changes nothing once jest has decided on its exit
// code, as if the file had run in one of jest's workers, and does not keep this process.

const { openSync, writeSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { endIfOpen } = require('../pool/in-process/open.cjs');
const { takeSettings } = require('../pool/in-process/settings.cjs');
const { writeMeasured } = require('./measured.cjs');
const { partsOf, withoutCoverageReports } = require('./parts.cjs');
const { reporterFor } = require('./reporter.cjs');

/** @import { JestRunSettings } from './adapter.js' */

/** @type {JestRunSettings} */
const { jest, bin, report, coverage: coverageFolder } = takeSettings();
const { ofCore, cliPath, workerProgram } = partsOf(jest);
const descriptor = openSync(report, 'a');
/** @param {object} event */
const tell = (event) => writeSync(descriptor, `${JSON.stringify(event)}\n`);

process.argv.splice(1, 1, bin);
process.env.NODE_ENV ??= 'test'; // As jest's command does.

let measured = 0;
/** jest loads this file as the reporter. */
module.exports = reporterFor({
  tell,
  workerProgram,
  onCoverage(coverage) {
    measured += 1; // A file in several projects of jest ends several times.
    writeMeasured(join(coverageFolder, `${measured}.json`), coverage);
  },
});
withoutCoverageReports(ofCore);

const words = process.argv.slice(2);
createRequire(__filename)(cliPath)
  .run(words)
  .then(end, () => undefined); // jest has then said why, and exits.

/** jest has set the exit code that it will have, at the end of this process. */
function end() {
  process.prependListener('exit', () => {
    process.exitCode = 0; // A test may have set it. If the run is red, jest's own listener comes next.
  });
  process.on('uncaughtException', (error) => console.error('[holdfast: after the end of the run]', error));
  endIfOpen({
    onForce(names) {
      tell({ type: 'open', names });
      process.exit(); // At once: with a message port of a closed jsdom open, no promise goes on.
    },
  });
}
