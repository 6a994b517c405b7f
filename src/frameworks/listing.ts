import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { execa } from 'execa';
import { killGroup } from '../adapters/process/kill-group.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import type { Invocation, ListingLimits, SuiteFolder } from './framework.js';

/** The result of a listing command. The caller judges the exit code: some frameworks list successfully and still exit non-zero. */
export type Listing = { readonly stdout: string; readonly stderr: string; readonly exitCode: number };

/**
 * Runs a listing command in the suite's folder, with exactly the environment of the tests. Throws RunnerError LISTING_FAILED if it
 * cannot start, is killed, prints more than `DEFAULTS.listingBytes` or takes too long.
 */
export async function runListing(
  folder: SuiteFolder,
  argv: readonly [string, ...string[]],
  limits: ListingLimits = {},
): Promise<Listing> {
  const end = await endOf(folder, argv, limits);
  if (end.kind === 'ended') return end.listing;
  throw listingFailed(argv, end.reason);
}

type End =
  | { readonly kind: 'ended'; readonly listing: Listing }
  /** It could not start, or was killed: `reason` has its last words. */
  | { readonly kind: 'killed'; readonly reason: string }
  /** It was ended, because it took too long or printed too much. */
  | { readonly kind: 'stopped'; readonly reason: string };

async function endOf(
  folder: SuiteFolder,
  [program, ...words]: readonly [string, ...string[]],
  { timeoutMs = DEFAULTS.listingTimeoutMs }: ListingLimits,
): Promise<End> {
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
  }, timeoutMs);
  process.once('exit', endGroup);
  try {
    const { exitCode, stdout, stderr, isMaxBuffer, originalMessage } = await listing;
    if (timedOut) return { kind: 'stopped', reason: `No answer within ${timeoutMs / 1_000} s.` };
    if (isMaxBuffer) return { kind: 'stopped', reason: `Its output is larger than ${DEFAULTS.listingBytes} bytes.` };
    if (exitCode === undefined) return { kind: 'killed', reason: stderr || (originalMessage ?? 'It was killed.') };
    return { kind: 'ended', listing: { stdout, stderr, exitCode } };
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
    if (exitCode !== 0 || answer === null) throw listingFailed(argv, lastWords({ stdout, stderr, exitCode }));
    return answer;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Where a listing that loads the test files answers, where it says which file it is loading, and which files it must not load. */
export type LoadingCall = { readonly answer: string; readonly at: string; readonly unloaded: readonly string[] };

/** An answer, how the process that gave it has ended, and which files it has not loaded. */
export type LoadedListing = Listing & Pick<LoadingCall, 'answer' | 'unloaded'>;

/**
 * Runs a listing that loads the test files. One that ends the process as it is loaded, as `os._exit(0)` does, is listed by another call,
 * which does not load it: its own run says what it does. `shown`: the command that people know. Throws RunnerError LISTING_FAILED, which
 * names the file that the listing has failed on.
 */
export async function runLoadingListing(
  folder: SuiteFolder,
  callFor: (call: LoadingCall) => Pick<Invocation, 'argv' | 'env'>,
  { shown, ...limits }: ListingLimits & { readonly shown: readonly string[] },
): Promise<LoadedListing> {
  const scratch = await mkdtemp(join(tmpdir(), 'holdfast-list-'));
  const read = (path: string) => readFile(path, 'utf8').catch(() => null);
  try {
    const unloaded: string[] = [];
    for (;;) {
      const call = {
        answer: join(scratch, `files-${unloaded.length}.json`),
        at: join(scratch, `at-${unloaded.length}`),
        unloaded,
      };
      const { argv, env } = callFor(call);
      const end = await endOf({ ...folder, env: { ...folder.env, ...env } }, argv, limits);
      const answer = await read(call.answer);
      if (end.kind === 'ended' && answer !== null) return { ...end.listing, answer, unloaded };
      const file = await read(call.at);
      if (!file || end.kind === 'stopped' || unloaded.includes(file) || unloaded.length >= DEFAULTS.mostUnloadedFiles)
        throw listingFailed(shown, [...(file ? [`It was loading ${inside(folder.cwd, file)}.`] : []), reasonOf(end)].join('\n'));
      unloaded.push(file);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const reasonOf = (end: End) => (end.kind === 'ended' ? lastWords(end.listing) : end.reason);

/** What a listing without an answer has printed, and how it ended if that does not say it. */
export function lastWords({ stdout, stderr, exitCode }: Listing): string {
  return stderr.trim() || `${stdout.trim()}\nIt exited with ${exitCode}.`.trim();
}

/** A path as people know it: relative to the suite's folder, if it is inside. */
function inside(cwd: string, path: string): string {
  const relativePath = relative(cwd, path) || '.';
  return relativePath.startsWith('..') || !isAbsolute(path) ? path : relativePath;
}

/** The error for a failed listing, with the framework's own message. */
export function listingFailed(argv: readonly string[], message: string, options?: ErrorOptions): RunnerError {
  const cause = message.trim() || 'It printed nothing.';
  return new RunnerError('LISTING_FAILED', `\`${argv.join(' ')}\` could not list the test files:\n${cause}\n`, options);
}
