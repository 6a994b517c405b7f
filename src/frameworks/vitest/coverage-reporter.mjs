// The reporter of a process that runs one file: it takes what vitest measures out of its hands.

import { withoutReports, writeMeasured } from './measured.mjs';

/** @import { WithProvider } from './measured.mjs' */

const folder = process.env.HOLDFAST_COVERAGE ?? '';
delete process.env.HOLDFAST_COVERAGE; // The tests run in processes of their own, which are started later.

/** vitest loads this file as a reporter. */
export default class {
  /** @param {WithProvider} vitest */
  onInit({ coverageProvider }) {
    if (coverageProvider) withoutReports(coverageProvider, (measured) => writeMeasured(folder, measured));
  }
}
