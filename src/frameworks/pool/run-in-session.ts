import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { packFolder } from '../coverage/raw-coverage.js';
import type { SuiteFolder, WarmSupport } from '../framework.js';
import { readEvidence } from '../read-evidence.js';
import { readReport, textOf } from '../report-text.js';
import type { FileRequest } from '../run-file.js';
import { type Interpreted, interpret } from './interpret.js';
import type { SessionPool, SessionsOf } from './pool.js';
import type { Session } from './session.js';

type Parts = { readonly pool: SessionPool; readonly workFolder: string };

/** Runs a file in a session of its run. When this resolves, the session has been ended or returned to the pool. */
export async function runInSession(request: FileRequest, warm: WarmSupport, { pool, workFolder }: Parts): Promise<Interpreted> {
  const { file, ahead } = request;
  const run = sessionsOf(request, warm);
  const session = await pool.take(run, { file, mayRepeat: warm.isIsolated });
  let isReusable = false;
  try {
    const interpreted = await takeTurn(session, request, warm, workFolder);
    isReusable = interpreted.isReusable;
    return interpreted;
  } finally {
    if (isReusable) await pool.giveBack(run, session, ahead?.signal);
    else await session.end();
  }
}

/** A run as the pool identifies it, with how to start its sessions. */
export function sessionsOf({ folder, runId }: Pick<FileRequest, 'folder' | 'runId'>, warm: WarmSupport): SessionsOf {
  return { folder, runId, start: (scratch, cache) => warm.start(folder, scratch, cache) };
}

async function takeTurn(session: Session, request: FileRequest, warm: WarmSupport, workFolder: string): Promise<Interpreted> {
  const { framework, folder, file, variables, selection, ahead, limits } = request;
  const scratches: string[] = [];
  const makeScratch = async () => {
    const scratch = await mkdtemp(path.join(workFolder, 'attempt-'));
    scratches.push(scratch);
    return scratch;
  };
  try {
    const wanted = [file, ...(ahead?.files ?? [])] as const;
    const order = session.isAheadWith(file) ? null : await warm.order(folder, wanted, makeScratch, selection);
    const message = order && {
      kind: 'run' as const,
      files: wanted.slice(0, order.takes),
      env: { ...variables, ...order.env },
      options: order.options,
    };
    const turn = await session.run(file, message, limits);
    const report = order?.reportPath === undefined ? undefined : await readReport(order.reportPath);
    const interpreted = interpret(turn, {
      ...warm,
      isCompany: folder.spec.isolation === 'suite',
      reportText: report && (report.kind === 'text' ? report.text : null),
      request: { file, cwd: folder.cwd, spec: folder.spec, ...(selection && { selection }) },
      read: (evidence) => readEvidence(framework, report ? { ...evidence, reportText: textOf(report) } : evidence),
    });
    return await withCoverage(interpreted, order?.coverage ?? turn.coverage, folder);
  } finally {
    await Promise.all(scratches.map((scratch) => rm(scratch, { recursive: true, force: true })));
  }
}

/** Takes what the file has measured out of the session's folder; it counts if the file's result does. */
async function withCoverage(interpreted: Interpreted, raw: string | undefined, suite: SuiteFolder): Promise<Interpreted> {
  if (raw === undefined) return interpreted;
  const { result } = interpreted;
  const coverage = result.kind === 'counts' ? await packFolder(raw, suite) : null;
  await rm(raw, { recursive: true, force: true });
  return result.kind === 'counts' && coverage
    ? { ...interpreted, result: { ...result, run: { ...result.run, coverage } } }
    : interpreted;
}
