'use strict';
// A reporter of playwright that tells on descriptor 3 what became of each file, a line of JSON each: what its tests said, and when the last of them has
// ended a report of the form that the reporter `json` has.

const { writeSync } = require('node:fs');
const { relative } = require('node:path');

const CHANNEL = 3;
const MARKS = { expected: '✓', flaky: '✓', skipped: '-', unexpected: '✗' };

module.exports = class {
  /** By path, how many tests have not ended, and what those that have took, in ms. */
  #files = new Map();

  onBegin(config, suite) {
    this.config = config;
    this.root = suite;
    for (const test of suite.allTests()) this.#of(test).left += 1;
  }

  onStdOut(chunk, test) {
    this.#say(chunk, test);
  }

  onStdErr(chunk, test) {
    this.#say(chunk, test);
  }

  onTestEnd(test, result) {
    const file = this.#of(test);
    file.durationMs += result.duration;
    const isOver = result.retry === test.retries || result.status === 'skipped' || result.status === test.expectedStatus;
    if (!isOver) return;
    const [, project, , ...titles] = test.titlePath();
    const name = [...(project ? [`[${project}]`] : []), ...titles].join(' › ');
    this.#tell(test, { said: `  ${MARKS[test.outcome()]} ${name} (${result.duration} ms)\n` });
    file.left -= 1;
    if (file.left > 0) return;
    this.#tell(test, { report: this.#reportOf(test.location.file), durationMs: file.durationMs });
  }

  /** Of what is beside tests, such as a server of the configuration. */
  onError({ message = '', stack }) {
    process.stdout.write(`${stack ?? message}\n`);
    write({ isError: true });
  }

  printsToStdio() {
    return true;
  }

  #of({ location: { file } }) {
    if (!this.#files.has(file)) this.#files.set(file, { left: 0, durationMs: 0 });
    return this.#files.get(file);
  }

  #say(chunk, test) {
    if (test) this.#tell(test, { said: String(chunk) });
    else process.stdout.write(chunk);
  }

  #tell({ location: { file } }, told) {
    write({ path: file, ...told });
  }

  #reportOf(path) {
    const suites = this.root.suites.flatMap((project) => project.suites).filter(({ location }) => location?.file === path);
    return JSON.stringify({
      config: { rootDir: this.config.rootDir },
      suites: suites.map((one) => toSuite(one, this.config)),
      errors: [],
    });
  }
};

/** All at once, and in order. */
function write(told) {
  const bytes = Buffer.from(`${JSON.stringify(told)}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(CHANNEL, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error; // A pipe that is full: its reader is a process of our own.
    }
  }
}

function toSuite({ title, tests, suites, location }, config) {
  return {
    title,
    file: relative(config.rootDir, location?.file ?? ''),
    specs: tests.map((test) => ({ title: test.title, tests: [toTest(test)] })),
    suites: suites.map((one) => toSuite(one, config)),
  };
}

function toTest(test) {
  return {
    projectName: test.parent.project()?.name ?? '',
    status: test.outcome(),
    results: test.results.map(({ duration, error }) => ({ duration, ...(error && { error }) })),
    annotations: test.annotations,
  };
}
