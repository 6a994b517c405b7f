'use strict';
// A reporter of playwright that tells on descriptor 3 what became of each file, a line of JSON each: what its tests said, and
// when the last of them has ended a report of the form that the reporter `json` has.

const { writeSync } = require('node:fs');
const { relative } = require('node:path');

/** @import { FullConfig, Reporter, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter' */

/**
 * What it tells: output of a file, its end, or something beside the tests.
 * @typedef {{ kind: 'output', path: string, text: string }
 *   | { kind: 'end', path: string, report: string, durationMs: number }
 *   | { kind: 'error' }} News
 */

const CHANNEL = 3;
const MARKS = { expected: '✓', flaky: '✓', skipped: '-', unexpected: '✗' };

/** @implements {Reporter} */
class FileReporter {
  /**
   * By path, how many tests have not ended, and what those that have took, in ms.
   * @type {Map<string, { left: number, durationMs: number }>}
   */
  #files = new Map();
  #rootDir = '';
  /** @type {Suite | undefined} */
  #root;

  /**
   * @param {FullConfig} config
   * @param {Suite} suite
   */
  onBegin({ rootDir }, suite) {
    this.#rootDir = rootDir;
    this.#root = suite;
    for (const test of suite.allTests()) this.#of(test).left += 1;
  }

  /**
   * @param {string | Buffer} chunk
   * @param {TestCase | void} test
   */
  onStdOut(chunk, test) {
    if (test) tell({ kind: 'output', path: test.location.file, text: String(chunk) });
    else process.stdout.write(chunk);
  }

  /**
   * @param {string | Buffer} chunk
   * @param {TestCase | void} test
   */
  onStdErr(chunk, test) {
    this.onStdOut(chunk, test);
  }

  /**
   * @param {TestCase} test
   * @param {TestResult} result
   */
  onTestEnd(test, result) {
    const path = test.location.file;
    const file = this.#of(test);
    file.durationMs += result.duration;
    const isOver = result.retry === test.retries || result.status === 'skipped' || result.status === test.expectedStatus;
    if (!isOver) return;
    const [, project, , ...titles] = test.titlePath();
    const name = [...(project ? [`[${project}]`] : []), ...titles].join(' › ');
    tell({ kind: 'output', path, text: `  ${MARKS[test.outcome()]} ${name} (${result.duration} ms)\n` });
    file.left -= 1;
    if (file.left === 0) tell({ kind: 'end', path, report: this.#reportOf(path), durationMs: file.durationMs });
  }

  /**
   * Of what is beside tests, such as a server of the configuration.
   * @param {TestError} error
   */
  onError({ message = '', stack }) {
    process.stdout.write(`${stack ?? message}\n`);
    tell({ kind: 'error' });
  }

  printsToStdio() {
    return true;
  }

  /** @param {TestCase} test */
  #of({ location: { file } }) {
    const one = this.#files.get(file) ?? { left: 0, durationMs: 0 };
    this.#files.set(file, one);
    return one;
  }

  /** @param {string} path */
  #reportOf(path) {
    const suites = (this.#root?.suites ?? []).flatMap((project) => project.suites).filter((one) => one.location?.file === path);
    const rootDir = this.#rootDir;
    return JSON.stringify({ config: { rootDir }, suites: suites.map((one) => toSuite(one, rootDir)), errors: [] });
  }
}

module.exports = FileReporter;

/**
 * All at once, and in order.
 * @param {News} news
 */
function tell(news) {
  const bytes = Buffer.from(`${JSON.stringify(news)}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(CHANNEL, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error; // A full pipe.
    }
  }
}

/**
 * @param {Suite} suite
 * @param {string} rootDir
 * @returns {object}
 */
function toSuite({ title, tests, suites, location }, rootDir) {
  return {
    title,
    file: relative(rootDir, location?.file ?? ''),
    specs: tests.map((test) => ({ title: test.title, tests: [toTest(test)] })),
    suites: suites.map((one) => toSuite(one, rootDir)),
  };
}

/** @param {TestCase} test */
function toTest(test) {
  return {
    projectName: test.parent.project()?.name ?? '',
    status: test.outcome(),
    results: test.results.map(({ duration, error }) => ({ duration, ...(error && { error }) })),
    annotations: test.annotations,
  };
}
