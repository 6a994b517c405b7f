import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf } from '../../core/errors.js';
import type { CoverageVerdict } from '../../core/model/coverage.js';
import type { CoverageCall, CoverageSupport, SuiteFolder } from '../framework.js';
import { unpackInto } from './raw-coverage.js';

export type RawCoverage = {
  /** Packed, one value per attempt, read when it is its turn; null if it is missing. */
  readonly values: readonly (() => Promise<Uint8Array | null>)[];
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
    const folders: string[] = [];
    for (const [index, read] of values.entries()) {
      const packed = await read();
      if (packed === null)
        return failed(`the raw coverage of ${index + 1} of ${values.length} attempts is not in the object store here`);
      const attempt = join(root, 'raw', String(index));
      await unpackInto(attempt, packed);
      folders.push(attempt);
    }
    const scratch = join(root, 'scratch');
    await mkdir(scratch);
    return await run(folder, await merge(folder, { folders, scratch, isGreen }));
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
