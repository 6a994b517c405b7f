import { DEFAULTS } from '../defaults.js';
import type { AttemptOutcome, AttemptRecord, PartRun, TestOutcome, Verdict } from '../model/attempt.js';
import { addCounts, NO_CASES } from '../model/cases.js';
import { REASONS } from '../model/change.js';
import type { FileResult, PlannedFile } from '../model/suite.js';
import { keyOf } from './order.js';

/** The files of these tasks: a file in parts becomes one file with the sum of the estimates. */
export function wholeFiles<File extends PlannedFile>(tasks: readonly File[]): Omit<File, 'part'>[] {
  const files = new Map<string, Omit<File, 'part'>>();
  for (const { part: _, ...task } of tasks) {
    const key = keyOf(task);
    const before = files.get(key);
    const estimateMs = before === undefined ? task.estimateMs : sumOf([before.estimateMs ?? 0, task.estimateMs ?? 0]);
    files.set(key, before === undefined ? task : { ...before, estimateMs });
  }
  return [...files.values()];
}

/**
 * Slices of the order with at most `size` tasks each, if possible. All parts of a file are in the same slice, because they are
 * joined by the workflow that runs the last one. Tasks keep their order within a slice.
 */
export function slicesOf(tasks: readonly PlannedFile[], size: number): PlannedFile[][] {
  const groups = new Map<string, [index: number, task: PlannedFile][]>();
  for (const [index, task] of tasks.entries()) {
    const key = keyOf({ path: task.path, repeat: task.repeat });
    const group = groups.get(key);
    if (group) group.push([index, task]);
    else groups.set(key, [[index, task]]);
  }
  const slices: [index: number, task: PlannedFile][][] = [];
  for (const group of groups.values()) {
    const last = slices.at(-1);
    if (last && last.length + group.length <= size) last.push(...group);
    else slices.push([...group]);
  }
  return slices.map((slice) => slice.sort(([a], [b]) => a - b).map(([, task]) => task));
}

/** Collects the parts of files. The last part of a file yields the joined file; a file without parts is returned unchanged. */
export class PartCollector {
  readonly #waiting = new Map<string, FileResult[]>();

  add(result: FileResult): FileResult | null {
    const { path, repeat, part } = result;
    if (part === undefined) return result;
    const key = keyOf({ path, repeat });
    const parts = [...(this.#waiting.get(key) ?? []), result];
    if (parts.length < part.of) {
      this.#waiting.set(key, parts);
      return null;
    }
    this.#waiting.delete(key);
    return joinParts(parts);
  }
}

/**
 * Joins the parts of a file. Attempt n of the file consists of attempt n of each part, or of the part's last attempt if it had
 * fewer. Example: parts 1 and 3 pass, part 2 is red, then green. The file is red in attempt 1 and green in attempt 2, which holds
 * the first attempt of parts 1 and 3 and the second of part 2. The worst verdict of a part is that of the file. A file is green
 * only if its parts together ran every case that each of them saw.
 */
export function joinParts(parts: readonly FileResult[]): FileResult {
  const byNumber = parts.toSorted((a, b) => numberOf(a) - numberOf(b));
  const { part: _, copies: __, reason: ___, ...first } = byNumber[0] as FileResult;
  const worst = byNumber.toSorted((a, b) => badness(b) - badness(a))[0] as FileResult;
  const copies = byNumber.flatMap((part) => part.copies ?? []);
  const attempts = [...lossesOf(byNumber), ...roundsOf(byNumber)];
  const doubt = isGreen(worst.verdict) ? doubtOf(attempts.at(-1)?.outcome) : null;
  const reason = doubt ?? worst.reason;
  return {
    ...first,
    estimateMs: sumOf(byNumber.map(({ estimateMs }) => estimateMs ?? 0)),
    verdict: doubt === null ? worst.verdict : 'infraError',
    attempts,
    ...(copies.length > 0 && { copies }),
    ...(reason !== undefined && { reason }),
  };
}

/** Ranks the verdicts of parts; the worst decides. A part without cases does not count, but one that a person skipped does. */
function badness({ verdict, reason }: FileResult): number {
  return verdict === 'skipped' && reason !== undefined ? SKIPPED_BY_USER : BADNESS[verdict];
}

const BADNESS: Readonly<Record<Verdict, number>> = {
  skipped: 0,
  passed: 1,
  flaky: 2,
  quarantined: 4,
  notRun: 5,
  infraError: 6,
  failed: 7,
};
const SKIPPED_BY_USER = 3;
const isGreen = (verdict: Verdict) => BADNESS[verdict] < SKIPPED_BY_USER;

/** In chronological order. Each has the time when its own part started again. */
function lossesOf(parts: readonly FileResult[]): AttemptRecord[] {
  const losses = parts.flatMap(({ attempts }) =>
    attempts.flatMap((record, index) => {
      const { outcome } = record;
      const next = attempts[index + 1];
      return outcome.kind === 'lost' ? [{ ...record, outcome: { ...outcome, resumedAtMs: next?.startedAtMs ?? null } }] : [];
    }),
  );
  return losses.sort((a, b) => a.startedAtMs - b.startedAtMs);
}

type PartAttempt = {
  readonly number: number;
  readonly attempt: number;
  readonly record: AttemptRecord;
  readonly outcome: TestOutcome;
};

/** The attempts of the file. A green round that lacks a part is left out, so that it is not mistaken for a pass of the file. */
function roundsOf(parts: readonly FileResult[]): AttemptRecord[] {
  const attemptsByPart = parts.map(({ attempts, ...part }) =>
    attempts.flatMap((record): Omit<PartAttempt, 'attempt'>[] =>
      record.outcome.kind === 'lost' ? [] : [{ number: numberOf(part), record, outcome: record.outcome }],
    ),
  );
  const count = Math.max(...attemptsByPart.map(({ length }) => length));
  const rounds = Array.from({ length: count }, (_, index) =>
    attemptsByPart.flatMap((partAttempts) => {
      const attempt = Math.min(index + 1, partAttempts.length);
      const partAttempt = partAttempts[attempt - 1];
      return partAttempt === undefined ? [] : [{ ...partAttempt, attempt }];
    }),
  );
  return rounds
    .filter((round) => round.length === parts.length || round.some(({ outcome }) => isRed(outcome)))
    .map((round) => joinRound(round));
}

function joinRound(round: readonly PartAttempt[]): AttemptRecord {
  const worst = round.toSorted((a, b) => redness(b.outcome) - redness(a.outcome))[0] as PartAttempt;
  const { load: _, isQuarantined: __, ...decisive } = worst.outcome;
  const outcomes = round.map(({ outcome }) => outcome);
  const coverage = outcomes.flatMap((outcome) => outcome.coverage ?? []);
  const isQuarantined = outcomes.every((outcome) => !isRed(outcome) || outcome.isQuarantined === true);
  return {
    worker: worst.record.worker,
    startedAtMs: Math.min(...round.map(({ record }) => record.startedAtMs)),
    outcome: {
      ...decisive,
      durationMs: sumOf(outcomes.map(({ durationMs }) => durationMs)),
      counts: outcomes.reduce((sum, { counts }) => addCounts(sum, counts), NO_CASES),
      failures: outcomes.flatMap(({ failures }) => failures).slice(0, DEFAULTS.failureExcerpts),
      report: {
        kind: 'pieces',
        pieces: outcomes.flatMap(({ report }) => (report.kind === 'pieces' ? report.pieces : [report])),
      },
      parts: round.map(partRunOf),
      ...(coverage.length > 0 && { coverage }),
      ...(isRed(worst.outcome) && isQuarantined && { isQuarantined: true }),
    },
  };
}

function partRunOf({ number, attempt, record, outcome }: PartAttempt): PartRun {
  const { kind, durationMs, counts, output, load, left = null } = outcome;
  return {
    number,
    attempt,
    outcome: kind,
    worker: record.worker,
    startedAtMs: record.startedAtMs,
    durationMs,
    cases: counts.passed + counts.failed + counts.skipped,
    left,
    output,
    ...(load && { load }),
  };
}

const REDNESS: Readonly<Record<TestOutcome['kind'], number>> = { noTests: 0, passed: 1, failed: 3, crashed: 4, timedOut: 5 };
const redness = (outcome: TestOutcome) => (outcome.kind === 'noTests' && outcome.isError ? 2 : REDNESS[outcome.kind]);
const isRed = (outcome: TestOutcome) => redness(outcome) > REDNESS.passed;

/**
 * Why green parts do not prove that the file is green; null if they do. If the framework supports it, each part reports how many
 * cases it left to the others: all parts together must have run as many cases as each of them saw.
 */
function doubtOf(outcome: AttemptOutcome | undefined): string | null {
  if (outcome === undefined || outcome.kind === 'lost') return null;
  const parts = outcome.parts ?? [];
  const ran = sumOf(parts.map(({ cases }) => cases));
  const odd = parts.find(({ cases, left }) => left !== null && cases + left !== ran);
  if (odd === undefined) return null;
  const seen = odd.cases + (odd.left ?? 0);
  return REASONS.partsDisagree(`the ${parts.length} parts of the file ran ${ran} cases, part ${odd.number} saw ${seen}`);
}

const numberOf = ({ part }: Pick<PlannedFile, 'part'>) => part?.number ?? 0;
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
