import type { AttemptReport, SuiteReport } from '../model/suite-report.js';

/** What can be done to a worker: told to leave, killed, or frozen for a while. */
export const KILLS = ['term', 'kill', 'stop'] as const;
export type Kill = (typeof KILLS)[number];
/** How often each kill is chosen, beside the others; 0 for never. */
export type Mix = Readonly<Record<Kill, number>>;

/** What happens next: after a pause, to one of the workers that are there. */
export type Strike = { readonly afterMs: number; readonly kill: Kill; readonly victim: number };

/** `term=1,kill=2`: what is not named never happens. null when it cannot be read, or when nothing could ever happen. */
export function parseMix(text: string): Mix | null {
  const mix: Record<Kill, number> = { term: 0, kill: 0, stop: 0 };
  for (const part of text.split(',')) {
    const [, name, weight] = /^([a-z]+)=(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    const kill = KILLS.find((known) => known === name);
    if (kill === undefined) return null;
    mix[kill] = Number(weight);
  }
  return KILLS.some((kill) => mix[kill] > 0) ? mix : null;
}

/** Chooses pauses around a mean (exponential, cut at four times the mean: kills that know nothing of each other), a kill and a victim. */
export function nextStrike(
  random: () => number,
  { everyMs, mix, workers }: { readonly everyMs: number; readonly mix: Mix; readonly workers: number },
): Strike {
  const afterMs = Math.min(4 * everyMs, -Math.log(1 - random()) * everyMs);
  let left = random() * KILLS.reduce((sum, kill) => sum + mix[kill], 0);
  const kill = KILLS.find((candidate) => {
    left -= mix[candidate];
    return left < 0;
  });
  return { afterMs, kill: kill ?? 'kill', victim: Math.floor(random() * workers) };
}

/** A strike as it was carried out: on which worker, and when (epoch ms). */
export type Struck = { readonly kill: Kill; readonly worker: string; readonly atMs: number };

/** What of a report does not add up after these strikes, a sentence each; none when all is well. */
export function problemsOf(report: SuiteReport, strikes: readonly Struck[]): string[] {
  const { planned, lost, countedTwice, infraError, passed, flaky, failed, quarantined, skipped, notRun } = report.totals;
  const judged = passed + flaky + failed + quarantined + skipped + notRun + infraError;
  return [
    ...(judged === planned ? [] : [`${planned} files were planned, ${judged} have a verdict.`]),
    ...(lost === 0 ? [] : [`${lost} files have no verdict.`]),
    ...(countedTwice === 0 ? [] : [`${countedTwice} verdicts are counted twice.`]),
    ...(infraError === 0 ? [] : [`${infraError} files ended as infra-error.`]),
    ...report.files.flatMap(({ path, attempts }) =>
      attempts
        .filter((attempt) => strikes.some((strike) => isCharged(attempt, strike)))
        .map(({ number, worker }) => `Attempt ${number} of ${path} is charged with the death of its worker ${worker}.`),
    ),
  ];
}

/** Did this attempt die while its worker was struck? A test that failed by itself exits; one that is killed with its worker does not. */
function isCharged({ outcome, signal, worker, startedAt, durationMs }: AttemptReport, strike: Struck): boolean {
  if (worker !== strike.worker || signal === null || outcome === 'passed') return false;
  const startedAtMs = Date.parse(startedAt);
  return strike.atMs >= startedAtMs && strike.atMs <= startedAtMs + durationMs;
}
