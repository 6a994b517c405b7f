import { OBJECTS } from '../../core/border/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import { type CoveragePiece, type CoverageVerdict, isMerged, lastingVerdict, withCoverage } from '../../core/model/coverage.js';
import { coveragePlace, isRawCoverage, reportPlace } from '../../core/model/places.js';
import type { ControlAdapters } from './control-adapters.js';

export type JudgedCoverage = { readonly suite: string; readonly runId: string; readonly verdict: CoverageVerdict };

/**
 * Gives a finished run the verdict that it has with its coverage: in its report and in its record. What was merged is removed. Returns the
 * verdict on coverage that the run has then: the first that is for good stands, if several commands merge. Idempotent.
 */
export async function judgeCoverage(
  { results, claimChecks }: Pick<ControlAdapters, 'results' | 'claimChecks'>,
  { verdict: found, ...run }: JudgedCoverage,
): Promise<CoverageVerdict> {
  const report = await claimChecks.readFrom(reportPlace(run), OBJECTS.report);
  if (report === null) throw new RunnerError('RUN_UNREADABLE', `The report of run ${run.runId} of ${run.suite} was not found.`);
  const standing = lastingVerdict(report);
  const verdict = standing ?? found;
  const judged = standing === null ? withCoverage(report, verdict) : report;
  await results.judgeRun(run, judged.run);
  await claimChecks.store(reportPlace(run), JSON.stringify(judged));
  if (isMerged(verdict)) await claimChecks.remove(coveragePlace(run));
  return verdict;
}

/** What is at these addresses, as far as it fits into one answer; of the first one, from `offset` on. */
export async function piecesOf(
  { read }: Pick<ControlAdapters['claimChecks'], 'read'>,
  { addresses, offset }: { readonly addresses: readonly string[]; readonly offset: number },
): Promise<readonly CoveragePiece[]> {
  const pieces: CoveragePiece[] = [];
  let room: number = DEFAULTS.coveragePieceBytes;
  for (const [index, address] of addresses.entries()) {
    if (room === 0) break;
    const bytes = isRawCoverage(address) ? await read(address) : null; // Nothing else is given away.
    const rest = bytes?.subarray(index === 0 ? offset : 0);
    if (rest === undefined) {
      pieces.push(null);
      continue;
    }
    const piece = rest.subarray(0, room);
    room -= piece.length;
    pieces.push({ text: Buffer.from(piece).toString('base64'), isLast: piece.length === rest.length });
  }
  return pieces;
}
