import type { AttemptReport, SuiteReport } from '../model/suite-report.js';

/** What can happen to a worker: SIGTERM, SIGKILL, or SIGSTOP for a while. */
export const KILLS = ['term', 'kill', 'stop'] as const;
export type Kill = (typeof KILLS)[number];
/** Relative frequency of each kind of kill; 0 for never. */
export type KillMix = Readonly<Record<Kill, number>>;

/** The next kill. `victim` is the index of a running worker. */
export type ScheduledKill = { readonly afterMs: number; readonly kill: Kill; readonly victim: number };

/** Parses `term=1,kill=2`; kinds that are not named never happen. null if the text is invalid or all weights are 0. */
export function parseMix(text: string): KillMix | null {
  const mix: Record<Kill, number> = { term: 0, kill: 0, stop: 0 };
  for (const part of text.split(',')) {
    const [, name, weight] = /^([a-z]+)=(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    const kill = KILLS.find((known) => known === name);
    if (kill === undefined) return null;
    mix[kill] = Number(weight);
  }
  return KILLS.some((kill) => mix[kill] > 0) ? mix : null;
}

/** Chooses a pause, a kill and a victim. Pauses are exponential, so that kills are independent, up to four times the mean. */
export function nextKill(
  random: () => number,
  { everyMs, mix, workers }: { readonly everyMs: number; readonly mix: KillMix; readonly workers: number },
): ScheduledKill {
  const afterMs = Math.min(4 * everyMs, -Math.log(1 - random()) * everyMs);
  let left = random() * KILLS.reduce((sum, kill) => sum + mix[kill], 0);
  const kill = KILLS.find((candidate) => {
    left -= mix[candidate];
    return left < 0;
  });
  return { afterMs, kill: kill ?? 'kill', victim: Math.floor(random() * workers) };
}

/** A kill that was carried out. `atMs` is epoch ms. */
export type CompletedKill = { readonly kill: Kill; readonly worker: string; readonly atMs: number };

/** The problems of a report after these kills, one sentence each. */
export function problemsOf(report: SuiteReport, kills: readonly CompletedKill[]): string[] {
  const { planned, lost, countedTwice, infraError, passed, flaky, failed, quarantined, skipped, notRun } = report.totals;
  const judged = passed + flaky + failed + quarantined + skipped + notRun + infraError;
  return [
    ...(judged === planned ? [] : [`${planned} files were planned, ${judged} have a verdict.`]),
    ...(lost === 0 ? [] : [`${lost} files have no verdict.`]),
    ...(countedTwice === 0 ? [] : [`${countedTwice} verdicts are counted twice.`]),
    ...(infraError === 0 ? [] : [`${infraError} files ended as infra-error.`]),
    ...report.files.flatMap(({ path, attempts }) =>
      attempts
        .filter((attempt) => kills.some((kill) => isBlamed(attempt, kill)))
        .map(({ number, worker }) => `Attempt ${number} of ${path} is red because its worker ${worker} was killed.`),
    ),
  ];
}

/** Is the attempt red because its worker was killed? A test that fails on its own exits; one killed with its worker does not. */
function isBlamed({ outcome, signal, worker, startedAt, durationMs }: AttemptReport, kill: CompletedKill): boolean {
  if (worker !== kill.worker || signal === null || outcome === 'passed') return false;
  const startedAtMs = Date.parse(startedAt);
  return kill.atMs >= startedAtMs && kill.atMs <= startedAtMs + durationMs;
}
