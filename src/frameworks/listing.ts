import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { killGroup } from '../adapters/process/kill-group.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import type { SuiteFolder } from './framework.js';

/** What a listing command left behind. Its exit code is for the caller to judge: some frameworks list and still exit non-zero. */
export type Listing = { readonly stdout: string; readonly stderr: string; readonly exitCode: number };

/**
 * Runs a framework's own listing in the suite's folder, with the environment the tests get and nothing else.
 * Throws RunnerError LISTING_FAILED when it cannot start, is killed, or takes longer than `DEFAULTS.listingTimeoutMs`.
 */
export async function runListing(folder: SuiteFolder, argv: readonly [string, ...string[]]): Promise<Listing> {
  const [program, ...words] = argv;
  // A group of its own: a listing that hangs may have children, and they would hold its output open after its death.
  const listing = execa(program, words, {
    cwd: folder.cwd,
    env: folder.env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    detached: true,
    maxBuffer: DEFAULTS.listingBytes,
  });
  const endGroup = () => listing.pid !== undefined && killGroup(listing.pid, 'SIGKILL');
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup();
  }, DEFAULTS.listingTimeoutMs);
  process.once('exit', endGroup);
  try {
    const { exitCode, stdout, stderr, isMaxBuffer, originalMessage } = await listing;
    if (timedOut) throw listingFailed(argv, `No answer within ${DEFAULTS.listingTimeoutMs / 1_000} s.`);
    if (isMaxBuffer) throw listingFailed(argv, `The answer is larger than ${DEFAULTS.listingBytes} bytes.`);
    if (exitCode === undefined) throw listingFailed(argv, stderr || (originalMessage ?? 'It was killed.'));
    return { stdout, stderr, exitCode };
  } finally {
    clearTimeout(timer);
    process.removeListener('exit', endGroup);
    endGroup();
  }
}

/** Runs a listing that writes its answer to a file, where nothing a configuration prints can disturb it. Throws like `runListing`. */
export async function runListingToFile(
  folder: SuiteFolder,
  argvFor: (path: string) => readonly [string, ...string[]],
): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'holdfast-list-'));
  try {
    const path = join(scratch, 'files.json');
    const argv = argvFor(path);
    const { stdout, stderr, exitCode } = await runListing(folder, argv);
    const answer = await readFile(path, 'utf8').catch(() => null);
    if (exitCode !== 0 || answer === null) throw listingFailed(argv, stderr || stdout);
    return answer;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The error of a listing that told nothing, with the framework's own message in it. */
export function listingFailed(argv: readonly string[], message: string, options?: ErrorOptions): RunnerError {
  return new RunnerError('LISTING_FAILED', `\`${argv.join(' ')}\` could not list the test files:\n${message.trim()}\n`, options);
}
