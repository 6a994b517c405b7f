import type { Past } from '../../adapters/results/observations.js';
import { DEFAULTS } from '../../core/defaults.js';
import { type Estimates, estimatesOf } from '../../core/history/durations.js';
import type { Observation } from '../../core/history/flakiness.js';
import type { KeptApart } from '../../core/model/company.js';
import type { ListedRun } from '../../core/model/listed-run.js';
import type { SuiteReport } from '../../core/model/suite-report.js';
import { asFailure } from '../failure.js';
import type { ControlAdapters } from './control-adapters.js';

/** What the command line can ask of the store, which only control workers can reach. */
export type Question =
  | { readonly kind: 'runs'; readonly limit: number }
  | { readonly kind: 'durations'; readonly suite: string }
  | { readonly kind: 'report'; readonly address: string }
  | { readonly kind: 'observations'; readonly past: Past }
  | { readonly kind: 'importDurations'; readonly suite: string; readonly durations: Readonly<Record<string, number>> }
  | { readonly kind: 'apart'; readonly suite: string }
  /** `paths` null: all files of the suite. */
  | { readonly kind: 'forgetApart'; readonly suite: string; readonly paths: readonly string[] | null }
  | { readonly kind: 'store' };

export type Answer =
  | { readonly kind: 'runs'; readonly runs: readonly ListedRun[] }
  /** By path. */
  | { readonly kind: 'durations'; readonly estimates: Estimates }
  /** null if the object store here does not have it. */
  | { readonly kind: 'report'; readonly report: SuiteReport | null }
  | { readonly kind: 'observations'; readonly observations: readonly Observation[] }
  | { readonly kind: 'importDurations' }
  | { readonly kind: 'apart'; readonly files: readonly KeptApart[] }
  | { readonly kind: 'forgetApart'; readonly forgotten: readonly string[] }
  /** The name of the newest schema migration. */
  | { readonly kind: 'store'; readonly schemaVersion: string };

export const createLookup =
  ({ results, claimChecks }: ControlAdapters) =>
  (question: Question): Promise<Answer> =>
    asFailure(async (): Promise<Answer> => {
      switch (question.kind) {
        case 'runs':
          return { kind: 'runs', runs: await results.listRuns(question.limit) };
        case 'durations': {
          const estimates = estimatesOf(await results.durations(question.suite, DEFAULTS.durationSamples));
          return { kind: 'durations', estimates: Object.fromEntries(estimates) };
        }
        case 'observations':
          return { kind: 'observations', observations: await results.observations(question.past) };
        case 'importDurations':
          await results.importDurations(question.suite, question.durations);
          return { kind: 'importDurations' };
        case 'apart':
          return { kind: 'apart', files: await results.apart(question.suite) };
        case 'forgetApart':
          return { kind: 'forgetApart', forgotten: await results.forgetApart(question.suite, question.paths) };
        case 'store':
          return { kind: 'store', schemaVersion: await results.schemaVersion() };
        case 'report':
          return { kind: 'report', report: await claimChecks.unpack<SuiteReport>({ kind: 'stored', address: question.address }) };
      }
    });
