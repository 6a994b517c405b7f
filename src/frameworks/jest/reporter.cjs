'use strict';
// The reporter that runs beside jest's own: it tells what becomes of each case, as text, whatever a test has thrown; and while a file
// runs, its process looks like one of jest's workers, which is where `jest` runs files of a suite.

/** @import { AssertionResult, Test, TestCaseResult, TestResult } from '@jest/test-result' */
/** @typedef {(event: object) => void} Tell */
/** @typedef {Pick<TestResult, 'coverage' | 'v8Coverage'>} MeasuredCoverage */

/**
 * Creates a reporter that passes events to `tell`; see report.ts for them.
 * @param {{ tell: Tell, workerProgram: string, onCoverage: (measured: MeasuredCoverage) => void }} options
 */
exports.reporterFor = ({ tell, workerProgram, onCoverage }) => {
  const ownArgv = process.argv;
  return class {
    /** Called after global setup, before the environment of the file is created. */
    onTestFileStart() {
      process.argv = [process.execPath, workerProgram];
      process.env.JEST_WORKER_ID = process.env.HOLDFAST_SLOT ?? '1'; // Different for files that run at the same time, as with jest.
    }

    /** The name of `onTestFileStart` before jest 26.2. */
    onTestStart() {
      this.onTestFileStart();
    }

    /**
     * @param {Test} _test
     * @param {TestCaseResult} result
     */
    onTestCaseResult(_test, result) {
      tell({ type: 'case', ...caseOf(result) });
    }

    /**
     * @param {Test} _test
     * @param {TestResult} result
     */
    onTestFileResult(_test, { coverage, v8Coverage, ...result }) {
      const { testFilePath, displayName, numFailingTests, testExecError, failureMessage, testResults } = result;
      process.argv = ownArgv;
      if (coverage || v8Coverage) onCoverage({ coverage, v8Coverage });
      const failed = numFailingTests > 0 || Boolean(testExecError);
      const project = displayName?.name ?? null;
      tell({ type: 'file', path: testFilePath, project, failed, message: failureMessage ?? '', cases: testResults.map(caseOf) });
    }

    /**
     * The name of `onTestFileResult` before jest 26.2.
     * @param {Test} test
     * @param {TestResult} result
     */
    onTestResult(test, result) {
      this.onTestFileResult(test, result);
    }

    onRunComplete() {
      tell({ type: 'end' });
    }
  };
};

/** @param {TestCaseResult | AssertionResult} result */
function caseOf({ ancestorTitles, title, status, duration, failureMessages, invocations }) {
  return { ancestorTitles, title, status, duration, failureMessages: failureMessages.map(String), invocations };
}
