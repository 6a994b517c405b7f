import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf } from '../../core/errors.js';
import type { CoverageVerdict } from '../../core/model/coverage.js';
import type { CoverageCall, CoverageSupport, SuiteFolder } from '../framework.js';
import { measuredAt } from './moved-paths.js';
import { unpackInto } from './raw-coverage.js';

/** Digits in the names of attempts' folders, so that a listing keeps their order. */
const DIGITS = 8;

export type RawCoverage = {
  /** Packed, one value per attempt; null if it is missing. */
  readonly values: AsyncIterable<Uint8Array | null>;
  readonly isGreen: boolean;
};

/** A verdict, and what the framework printed about the coverage. */
export type MergedCoverage = { readonly verdict: CoverageVerdict; readonly output: string };

/** Merges raw coverage in the suite's folder on this machine: writes the project's reports, and judges its thresholds. */
export async function mergeCoverage(
  { merge }: CoverageSupport,
  folder: SuiteFolder,
  { values, isGreen }: RawCoverage,
): Promise<MergedCoverage> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-coverage-'));
  try {
    const [raw, scratch] = [join(root, 'raw'), join(root, 'scratch')];
    await Promise.all([mkdir(raw), mkdir(scratch)]);
    const here = await measuredAt(folder);
    let attempts = 0;
    let isMoved = false;
    for await (const packed of values) {
      if (packed === null) return failed('raw coverage of an attempt is gone from the object store');
      const attempt = join(raw, String(attempts).padStart(DIGITS, '0'));
      isMoved = (await unpackInto(attempt, packed, here)) || isMoved;
      attempts += 1;
    }
    return await run(folder, await merge(folder, { raw, scratch, isMoved, isGreen }));
  } catch (error) {
    return failed(messageOf(error));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function run(
  { cwd, env }: SuiteFolder,
  { argv: [program, ...words], env: more, met, below, skipped = [], shown = (text) => text }: CoverageCall,
): Promise<MergedCoverage> {
  const { exitCode, all } = await execa(program, words, {
    cwd,
    env: { ...env, ...more },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    all: true,
  });
  const output = shown(all).trim();
  if (exitCode !== undefined && met.includes(exitCode)) return { verdict: { kind: 'met' }, output };
  if (exitCode !== undefined && below.includes(exitCode)) return { verdict: { kind: 'below' }, output };
  if (exitCode !== undefined && skipped.includes(exitCode)) return { verdict: { kind: 'skipped' }, output };
  return { ...failed(`\`${program.split('/').at(-1)}\` could not merge it, and ended with ${exitCode ?? 'a signal'}`), output };
}

const failed = (reason: string): MergedCoverage => ({
  verdict: { kind: 'failed', reason: `there is no coverage report: ${reason}` },
  output: '',
});
