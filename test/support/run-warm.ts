import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach } from 'vitest';
import { openFolder } from '../../src/adapters/objects/index.js';
import { createOpenChannelProcess } from '../../src/adapters/process/channel-process.js';
import { startGuard } from '../../src/adapters/process/guard.js';
import { createRunProcess } from '../../src/adapters/process/run-process.js';
import { countCases } from '../../src/core/model/cases.js';
import type { Lease } from '../../src/core/model/lease.js';
import type { FrameworkSpec } from '../../src/core/model/suite.js';
import type { CaseSelection } from '../../src/core/plan/split.js';
import type { Framework } from '../../src/frameworks/framework.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import { SessionPool } from '../../src/frameworks/pool/pool.js';
import { StartTimes } from '../../src/frameworks/pool/start-times.js';
import { createRunAlone } from '../../src/frameworks/run-alone.js';
import { type Ahead, type FileRun, FileRunner } from '../../src/frameworks/run-file.js';
import { suiteFolder } from './run-framework.js';

const guard = startGuard();
const workFolder = await mkdtemp(join(tmpdir(), 'holdfast-warm-'));
afterAll(async () => {
  await guard.close();
  await rm(workFolder, { recursive: true, force: true });
});

type RunFile = FileRunner['runFile'];

/** What outlives the processes of all tests of a file. */
export const cacheFolder = join(workFolder, 'cache');

/** A process for each file. */
export const cold = createRunAlone(createRunProcess(guard), workFolder);
const UNTIL_THE_END: Lease = {
  signal: new AbortController().signal,
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  onRenewal: () => () => undefined,
};

type WarmWorker = {
  /** What its log got. */
  readonly said: string[];
  /** Processes that are kept. */
  readonly warm: RunFile;
  /** Starts processes of the run `one` before its files are known; comes to what they list. */
  readonly listAhead: (
    framework: Framework,
    cwd: string,
    wish?: { readonly args?: string[]; readonly warm?: true | 'auto' },
  ) => Promise<readonly string[] | null>;
};

/** A worker with processes of its own; what it sees of a suite it leaves to the next one. */
export function aWarmWorker(): WarmWorker {
  const said: string[] = [];
  const log = (line: string) => said.push(line);
  const runner = new FileRunner({
    runAlone: cold,
    pool: new SessionPool(createOpenChannelProcess(guard), { workFolder, cacheFolder, most: 2 }),
    starts: new StartTimes(openFolder(cacheFolder), log),
    workFolder,
    log,
  });
  return {
    said,
    warm: (request) => runner.runFile(request),
    listAhead(framework, cwd, { args = [], warm: isWarm = true } = {}) {
      const { spec, env } = suiteFolder(framework, cwd, { args });
      const folder = { cwd, spec: { ...spec, warm: isWarm }, env };
      return runner.openAhead({ framework, folder, runId: 'one' }, UNTIL_THE_END);
    },
  };
}

/** That of this test. */
export let { said, warm, listAhead }: WarmWorker = aWarmWorker();
beforeEach(() => {
  ({ said, warm, listAhead } = aWarmWorker());
});

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
  run: RunFile,
  framework: Framework = mocha,
  { spec: own = {}, ...extra }: { env?: Record<string, string>; args?: string[]; spec?: Partial<FrameworkSpec> } = {},
) {
  const { spec, env } = suiteFolder(framework, cwd, extra);
  return (
    file: string,
    {
      attempt = 1,
      timeoutMs = 20_000,
      signal = new AbortController().signal,
      runId = 'one',
      selection,
      warm: isWarm = true,
      estimateMs,
      ahead,
    }: Wish = {},
  ): Promise<FileRun> =>
    run({
      framework,
      folder: { cwd, spec: { ...spec, ...own, warm: isWarm }, env },
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
  counts: countCases('cases' in end ? end.cases : []),
  names: 'cases' in end ? end.cases.map((one) => `${one.status} ${one.name.join(' > ')}`) : [],
});

/** Files of a chunk, one after the other. */
export async function inOneDispatch(run: ReturnType<typeof running>, files: readonly string[]): Promise<FileRun[]> {
  const over = new AbortController();
  const runs: FileRun[] = [];
  for (const [index, file] of files.entries())
    runs.push(await run(file, { ahead: { files: files.slice(index + 1), signal: over.signal } }));
  over.abort();
  return runs;
}
