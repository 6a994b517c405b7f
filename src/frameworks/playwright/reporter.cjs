'use strict';
// A playwright reporter that writes lines of JSON to descriptor 3: the output of each file's tests and, when the last test of a file has
// ended, a report in the format of the `json` reporter.

const { writeSync } = require('node:fs');
const { relative } = require('node:path');

/** @import { FullConfig, Reporter, Suite, TestCase, TestError, TestResult } from '@playwright/test/reporter' */

/**
 * One line: output of a file, the end of a file, or an error outside of tests.
 * @typedef {{ kind: 'output', path: string, text: string }
 *   | { kind: 'end', path: string, report: string, durationMs: number }
 *   | { kind: 'error' }} News
 */

const CHANNEL = 3;
const MARKS = { expected: '✓', flaky: '✓', skipped: '-', unexpected: '✗' };

/** @implements {Reporter} */
class FileReporter {
  /**
   * By path: the number of tests that have not ended, and the total duration of those that have, in ms.
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
    if (test) write({ kind: 'output', path: test.location.file, text: String(chunk) });
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
    write({ kind: 'output', path, text: `  ${MARKS[test.outcome()]} ${name} (${result.duration} ms)\n` });
    file.left -= 1;
    if (file.left === 0) write({ kind: 'end', path, report: this.#reportOf(path), durationMs: file.durationMs });
  }

  /**
   * Called for errors outside of tests, such as a configured server that does not start.
   * @param {TestError} error
   */
  onError({ message = '', stack }) {
    process.stdout.write(`${stack ?? message}\n`);
    write({ kind: 'error' });
  }

  printsToStdio() {
    return true;
  }

  /** @param {TestCase} test */
  #of({ location: { file } }) {
    const progress = this.#files.get(file) ?? { left: 0, durationMs: 0 };
    this.#files.set(file, progress);
    return progress;
  }

  /** @param {string} path */
  #reportOf(path) {
    const suites = (this.#root?.suites ?? [])
      .flatMap((project) => project.suites)
      .filter((suite) => suite.location?.file === path);
    const rootDir = this.#rootDir;
    return JSON.stringify({ config: { rootDir }, suites: suites.map((suite) => toSuite(suite, rootDir)), errors: [] });
  }
}

module.exports = FileReporter;

/**
 * Writes synchronously, so that lines are complete and in order.
 * @param {News} news
 */
function write(news) {
  const bytes = Buffer.from(`${JSON.stringify(news)}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(CHANNEL, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error; // EAGAIN: the pipe is full.
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
    suites: suites.map((suite) => toSuite(suite, rootDir)),
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
