// What vitest measures of the coverage of one file: kept as it comes, to be merged with that of all others at the end of the run.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @import { CoverageProvider, Vitest } from 'vitest/node' */
/** @typedef {{ initCoverageProvider?: () => Promise<unknown>, coverageProvider?: CoverageProvider | null }} WithProvider */
/** @typedef {Parameters<CoverageProvider['onAfterSuiteRun']>[0]} Measured */

/**
 * The provider of coverage of an instance, which vitest itself has only once tests run.
 * @param {Vitest} vitest
 * @returns {Promise<CoverageProvider>}
 */
export async function providerOf(vitest) {
  const owner = /** @type {WithProvider} */ (/** @type {unknown} */ (vitest)); // Public only in some versions.
  await owner.initCoverageProvider?.();
  if (!owner.coverageProvider) throw new Error('this version of vitest has no provider of coverage');
  return owner.coverageProvider;
}

/**
 * Makes a provider report nothing by itself: what one file measures misses every threshold. `take` gets it instead.
 * @param {CoverageProvider} provider
 * @param {(measured: Measured) => void} take
 */
export function withoutReports(provider, take) {
  Object.assign(provider, {
    onAfterSuiteRun: (/** @type {Measured} */ measured) => void (measured.coverage && take(measured)),
    generateCoverage: async () => undefined,
    reportCoverage: async () => undefined,
    onTestFailure: async () => undefined,
    clean: async () => undefined,
  });
}

let count = 0;

/**
 * Writes what was measured into a folder, as coverage.mjs reads it.
 * @param {string} folder
 * @param {Measured} measured
 */
export function writeMeasured(folder, measured) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${++count}.json`), JSON.stringify(measured));
}
