import { DEFAULTS } from '../../core/defaults.js';
import { estimatesOf } from '../../core/durations.js';
import type { ListedRun } from '../../core/listed-run.js';
import type { SuiteReport } from '../../core/suite.js';
import { asFailure } from '../failure.js';
import type { ControlAdapters } from './control-adapters.js';

/** What the command line may ask the store, which only control workers can reach. */
export type Question =
  | { readonly kind: 'runs'; readonly limit: number }
  | { readonly kind: 'estimates'; readonly suite: string }
  | { readonly kind: 'report'; readonly address: string }
  | { readonly kind: 'store' };

export type Answer =
  | { readonly kind: 'runs'; readonly runs: readonly ListedRun[] }
  /** Expected durations in ms by path. */
  | { readonly kind: 'estimates'; readonly estimates: Readonly<Record<string, number>> }
  /** null when there is none, or none here. */
  | { readonly kind: 'report'; readonly report: SuiteReport | null }
  /** The newest step of its schema, by name. */
  | { readonly kind: 'store'; readonly schemaVersion: string };

export const createLookup =
  ({ results, parcels }: ControlAdapters) =>
  (question: Question): Promise<Answer> =>
    asFailure(async (): Promise<Answer> => {
      switch (question.kind) {
        case 'runs':
          return { kind: 'runs', runs: await results.listRuns(question.limit) };
        case 'estimates':
          return {
            kind: 'estimates',
            estimates: estimatesOf(await results.durations(question.suite, DEFAULTS.durationSamples)),
          };
        case 'store':
          return { kind: 'store', schemaVersion: await results.schemaVersion() };
        case 'report':
          return { kind: 'report', report: await parcels.unpack<SuiteReport>({ kind: 'stored', address: question.address }) };
      }
    });
