'use strict';
// Writes the events of a mocha run to a file as lines of JSON. They are written immediately, so that cases that ended before a crash
// are reported; only the last line makes the report complete.

const { openSync, writeSync } = require('node:fs');
const { endIfOpen, endListeners } = require('../pool/in-process/open.cjs');

const exit = process.exit.bind(process); // Tests may replace it.

/** @import { MochaClass, Reporter, Suite, Test } from './internals.js' */
/** @import { SelectionByFullName } from '../leave-selection.js' */
/** @typedef {(event: object) => void} Tell */
/** @typedef {(failures: number) => void} Done */

/**
 * Returns a function that appends events to a report file.
 * @type {(report: string) => Tell}
 */
exports.tellerTo = (report) => {
  const descriptor = openSync(report, 'a');
  return (event) => writeSync(descriptor, `${JSON.stringify(event)}\n`);
};

/**
 * Creates a reporter that prints mocha's `spec` output and passes the events to `tell`. `selection` is the requested cases, if not
 * all. `own`: the only file to report, of several; absolute.
 * @param {MochaClass} Mocha
 * @param {{ tell: Tell, selection?: SelectionByFullName | undefined, own?: string | undefined }} options
 * @returns {Reporter}
 */
exports.reporterFor = (Mocha, { tell, selection, own }) => {
  const { EVENT_RUN_BEGIN, EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } = Mocha.Runner.constants;
  return class extends Mocha.reporters.Spec {
    /** @param {ConstructorParameters<Reporter>} args */
    constructor(...args) {
      const [runner, options] = args;
      super(runner, options);
      // The last moment before the first hook: `.only` has been applied and late tests have been defined.
      if (selection) runner.once(EVENT_RUN_BEGIN, () => tell({ type: 'left', count: leaveOut(runner.suite, chosen(selection)) }));
      let ofOthers = 0; // Failures.
      /** @type {(status: string, test: Test, error?: unknown) => void} A hook of no file is one of all. */
      const ended = (status, test, error) => {
        const isOwn = own === undefined || test.file === undefined || test.file === own;
        if (isOwn) tell({ type: 'case', status, ...caseOf(test), ...(status === 'failed' && errorOf(error)) });
        else if (status === 'failed') this.ofOthers = ofOthers += 1;
      };
      runner.on(EVENT_TEST_PASS, (test) => ended('passed', test));
      runner.on(EVENT_TEST_FAIL, (test, error) => ended('failed', test, error));
      runner.on(EVENT_TEST_PENDING, (test) => ended('skipped', test));
      runner.once(EVENT_RUN_END, () => tell({ type: 'end' }));
    }
  };
};

exports.errorOf = errorOf;

/**
 * Returns a predicate for the requested cases, by full name.
 * @param {SelectionByFullName} selection
 * @returns {(test: Test) => boolean}
 */
function chosen({ kind, names }) {
  const named = new Set(names);
  return (test) => named.has(test.fullTitle()) === (kind === 'only');
}

/**
 * Removes the other cases from a suite and its nested suites, and returns their number.
 * @param {Suite} suite
 * @param {(test: Test) => boolean} isChosen
 * @returns {number}
 */
function leaveOut(suite, isChosen) {
  const all = suite.tests.length;
  suite.tests = suite.tests.filter(isChosen);
  return suite.suites.reduce((left, inner) => left + leaveOut(inner, isChosen), all - suite.tests.length);
}

/** @param {Test} test */
function caseOf(test) {
  return { name: test.titlePath(), durationMs: test.duration ?? 0, retries: test.currentRetry?.() ?? 0 };
}

/**
 * A reporter for a process that runs one file: mocha lets it end by itself, and this ends it if it stays open.
 * @param {Reporter} Reporter
 * @param {Tell} tell
 * @returns {Reporter}
 */
exports.endingAfter = (Reporter, tell) =>
  class extends Reporter {
    /**
     * mocha calls this after its global teardown; from `end` on it knows its exit code.
     * @param {number} failures
     * @param {Done} end
     */
    done(failures, end) {
      end(failures - (this.ofOthers ?? 0));
      const onOpen = () => tell({ type: 'open' });
      if (endListeners().length > 0) onOpen();
      const onForce = (/** @type {readonly string[]} */ names) => {
        tell({ type: 'stayedOpen', names });
        exit();
      };
      endIfOpen({ onOpen, onForce });
    }
  };

/**
 * Anything can be thrown, also what throws when it is looked at.
 * @param {unknown} thrown
 */
function errorOf(thrown) {
  const error = /** @type {Partial<Error> | null | undefined} */ (thrown);
  return { message: textOf(() => error?.message ?? error), stack: textOf(() => error?.stack ?? '') };
}

/** @param {() => unknown} read */
function textOf(read) {
  try {
    return String(read());
  } catch (error) {
    return `(not readable: ${error instanceof Error ? error.name : 'thrown'})`;
  }
}
