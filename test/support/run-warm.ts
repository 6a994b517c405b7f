import { mkdtempSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, vi } from 'vitest';
import { openFolder } from '../../src/adapters/objects/index.js';
import { createOpenChannelProcess } from '../../src/adapters/process/channel-process.js';
import { startGuard } from '../../src/adapters/process/guard.js';
import { createRunProcess } from '../../src/adapters/process/run-process.js';
import type { Lease } from '../../src/core/model/lease.js';
import type { FrameworkSpec } from '../../src/core/model/suite.js';
import type { CaseSelection } from '../../src/core/plan/split.js';
import type { Framework } from '../../src/frameworks/framework.js';
import { LoneFiles } from '../../src/frameworks/pool/lone-files.js';
import { SessionPool } from '../../src/frameworks/pool/pool.js';
import { StartTimes } from '../../src/frameworks/pool/start-times.js';
import { createRunAlone } from '../../src/frameworks/run-alone.js';
import { type Ahead, type FileRun, FileRunner } from '../../src/frameworks/run-file.js';
import { type Expected, shapeOf } from './expected.js';
import { suiteFolder } from './run-framework.js';

/** Longest time for a file where the timeout is not what is tested: nothing comes near it, however busy the machine. */
const FILE_TIMEOUT_MS = 120_000;
vi.setConfig({ testTimeout: 5 * FILE_TIMEOUT_MS, hookTimeout: 5 * FILE_TIMEOUT_MS }); // A test runs several files; what hangs fails by the file's own.

const guard = startGuard();
const workFolder = await mkdtemp(join(tmpdir(), 'holdfast-warm-'));
afterAll(async () => {
  await guard.close();
  await rm(workFolder, { recursive: true, force: true });
});

type Worker = Pick<FileRunner, 'runFile'>;

/** A process for each file. */
export const cold: Worker = { runFile: createRunAlone(createRunProcess(guard), workFolder) };
const UNTIL_THE_END: Lease = {
  signal: new AbortController().signal,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  onRenewal: () => () => undefined,
};

type WarmWorker = Worker & {
  /** The lines of its log. */
  readonly log: readonly string[];
  /** What outlives its processes: what it saw of a suite, and what frameworks keep. */
  readonly cacheFolder: string;
  /** Ends the processes that it keeps. */
  readonly close: () => Promise<void>;
  /** Starts processes of the run `one` before its files are known; comes to what they list. */
  readonly listAhead: (
    framework: Framework,
    cwd: string,
    wish?: { readonly args?: string[]; readonly warm?: true | 'auto' },
  ) => Promise<readonly string[] | null>;
};

/** A process for each file, which runs once: whoever asks for the same file of the same project again is given the result that it had. */
export function coldOnce(): Worker {
  const results = new Map<string, Promise<FileRun>>();
  return {
    runFile(request) {
      const key = `${request.folder.cwd}/${request.file}`;
      const result = results.get(key) ?? cold.runFile(request);
      results.set(key, result);
      return result;
    },
  };
}

type WarmWorkerParts = {
  /** The worker before it on this machine, whose cache it has. Without, it knows nothing of another one. */
  readonly after?: WarmWorker;
  /** Runs what it runs without sessions. */
  readonly alone?: Worker;
};

/** A worker that keeps processes of its own. */
export function aWarmWorker({ after, alone = cold }: WarmWorkerParts = {}): WarmWorker {
  const cacheFolder = after?.cacheFolder ?? mkdtempSync(join(workFolder, 'cache-'));
  const log: string[] = [];
  const addToLog = (line: string) => log.push(line);
  const pool = new SessionPool(createOpenChannelProcess(guard), { workFolder, cacheFolder, most: 2 });
  const runner = new FileRunner({
    runAlone: alone.runFile,
    pool,
    starts: new StartTimes(openFolder(cacheFolder), addToLog),
    loneFiles: new LoneFiles(openFolder(cacheFolder), addToLog),
    workFolder,
    log: addToLog,
  });
  return {
    log,
    cacheFolder,
    runFile: (request) => runner.runFile(request),
    close: () => pool.close(),
    listAhead(framework, cwd, { args = [], warm = true } = {}) {
      const { spec, env } = suiteFolder(framework, cwd, { args });
      const folder = { cwd, spec: { ...spec, warm }, env };
      return runner.openAhead({ framework, folder, runId: 'one' }, UNTIL_THE_END);
    },
  };
}

export type Wish = {
  readonly attempt?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly runId?: string;
  readonly selection?: CaseSelection;
  readonly warm?: true | 'auto';
  readonly ahead?: Ahead;
  readonly estimateMs?: number;
};

/** Runs files of a project, one after the other. */
export function running(
  cwd: string,
  worker: Worker,
  framework: Framework,
  { spec: own = {}, ...extra }: { env?: Record<string, string>; args?: string[]; spec?: Partial<FrameworkSpec> } = {},
) {
  const { spec, env } = suiteFolder(framework, cwd, extra);
  return (
    file: string,
    {
      attempt = 1,
      timeoutMs = FILE_TIMEOUT_MS,
      signal = new AbortController().signal,
      runId = 'one',
      selection,
      warm = true,
      estimateMs,
      ahead,
    }: Wish = {},
  ): Promise<FileRun> =>
    worker.runFile({
      framework,
      folder: { cwd, spec: { ...spec, ...own, warm }, env },
      file,
      runId,
      estimateMs: estimateMs ?? null,
      ...(selection && { selection }),
      ...(ahead && { ahead }),
      variables: { HOLDFAST_FILE: file, HOLDFAST_ATTEMPT: String(attempt) },
      limits: {
        timeoutMs,
        killGraceMs: 500,
        lease: { ...UNTIL_THE_END, signal },
      },
    });
}

export const kindOf = ({ end }: FileRun) => end.kind;

export const shape = ({ exitCode, signal, end }: FileRun) => ({
  exitCode,
  signal,
  kind: end.kind,
  ...shapeOf('cases' in end ? end.cases : []),
});

/** Holds a run to what its file comes to in a process of its own: the row that the tests of the framework without sessions hold it to. */
export function expectSame(run: FileRun, expected: Expected): void {
  const { output } = run;
  expect({ file: expected.file, ...shape(run), output }).toEqual({ ...expected, output }); // The output is there to be read where it differs.
}

/** Files of a chunk, one after the other. */
export async function inOneDispatch(run: ReturnType<typeof running>, files: readonly string[]): Promise<FileRun[]> {
  const over = new AbortController();
  const runs: FileRun[] = [];
  for (const [index, file] of files.entries())
    runs.push(await run(file, { ahead: { files: files.slice(index + 1), signal: over.signal } }));
  over.abort();
  return runs;
}
