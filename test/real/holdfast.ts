import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import type { SuiteReport } from '../../src/core/model/suite-report.js';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

/**
 * Runs a suite as a person would, in its folder, and reads the JSON result. With a fixed timeout: a cached folder has durations of a quieter day,
 * from which timeouts follow, and others run beside it here.
 */
export async function holdfast(
  cwd: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  node = process.execPath,
): Promise<{ exitCode: number | undefined; output: string; report: SuiteReport }> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-real-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'result.json');
  const argv = [CLI, 'run', '--timeout=10m', `--run-id=${randomUUID()}`, '--reporter=ci', `--reporter=json=${path}`, ...words];
  const { exitCode, all } = await execa(node, argv, { cwd, env, reject: false, all: true, stdin: 'ignore' });
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`No result was written (exit code ${exitCode}):\n${all}`);
  });
  return { exitCode, output: all, report: JSON.parse(text) };
}
