// Merges what vitest measured in each attempt with vitest's own provider of coverage: it adds the files that no test has loaded, writes
// the reports and judges the thresholds, as at the end of `vitest run --coverage`.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesBelow } from '../pool/in-process/files-below.cjs';
import { takeSettings } from '../pool/in-process/settings.cjs';
import { providerOf } from './measured.mjs';
import { endsOf, withEnds } from './module-ends.mjs';

/** @import { VitestCoverageSettings } from './adapter.js' */
/** @import { Measured } from './measured.mjs' */

/** @type {VitestCoverageSettings} */
const { vitest: folder, args, raw, isMoved, isGreen, exitCodes } = takeSettings();

process.env.NODE_ENV ??= 'test'; // As vitest's command does.
process.env.VITEST = 'true';
try {
  process.exit(await merge());
} catch (error) {
  console.error(error);
  process.exit(exitCodes.failed);
}

/** Resolves to the exit code. */
async function merge() {
  /** @type {typeof import('vitest/node')} */
  const { createVitest, parseCLI } = await import(pathToFileURL(join(folder, 'dist/node.js')).href);
  const { options } = parseCLI(['vitest', 'run', ...args]);
  const coverage = { .../** @type {object} */ (options.coverage), enabled: true };
  const vitest = await createVitest('test', { ...options, watch: false, run: true, reporters: [{}], coverage });
  const { reportOnFailure, clean } = vitest.config.coverage;
  if (!isGreen && !reportOnFailure) return exitCodes.skipped;
  const provider = await providerOf(vitest);
  await provider.clean(clean);
  await provider.onTestRunStart?.();
  const ends = isMoved ? endsOf(allMeasured()) : undefined;
  for (const measured of allMeasured()) await provider.onAfterSuiteRun(ends ? withEnds(measured, ends) : measured);
  process.exitCode = 0;
  const allTestsRun = true;
  await provider.reportCoverage(await provider.generateCoverage({ allTestsRun }), { allTestsRun });
  await vitest.close();
  return process.exitCode === 0 ? 0 : exitCodes.below; // The provider sets it if a threshold is missed.
}

/**
 * What the attempts have measured, one after another: together it may be more than fits into memory.
 * @returns {Generator<Measured>}
 */
function* allMeasured() {
  for (const path of filesBelow(raw)) yield JSON.parse(readFileSync(path, 'utf8'));
}
