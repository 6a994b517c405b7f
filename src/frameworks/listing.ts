import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { killGroup } from '../adapters/process/kill-group.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import type { SuiteFolder } from './framework.js';

/** The result of a listing command. The caller judges the exit code: some frameworks list successfully and still exit non-zero. */
export type Listing = { readonly stdout: string; readonly stderr: string; readonly exitCode: number };

/**
 * Runs a listing command in the suite's folder, with exactly the environment of the tests. Throws RunnerError LISTING_FAILED if it
 * cannot start, is killed, prints more than `DEFAULTS.listingBytes` or takes longer than `DEFAULTS.listingTimeoutMs`.
 */
export async function runListing(folder: SuiteFolder, argv: readonly [string, ...string[]]): Promise<Listing> {
  const [program, ...words] = argv;
  // Its own process group: children of a hung listing would otherwise keep its output open after it is killed.
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
    if (isMaxBuffer) throw listingFailed(argv, `Its output is larger than ${DEFAULTS.listingBytes} bytes.`);
    if (exitCode === undefined) throw listingFailed(argv, stderr || (originalMessage ?? 'It was killed.'));
    return { stdout, stderr, exitCode };
  } finally {
    clearTimeout(timer);
    process.removeListener('exit', endGroup);
    endGroup();
  }
}

/** Runs a listing that writes its answer to a file, out of reach of anything that project code prints. Throws like `runListing`. */
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

/** The error for a failed listing, with the framework's own message. */
export function listingFailed(argv: readonly string[], message: string, options?: ErrorOptions): RunnerError {
  const cause = message.trim() || 'It printed nothing.';
  return new RunnerError('LISTING_FAILED', `\`${argv.join(' ')}\` could not list the test files:\n${cause}\n`, options);
}
