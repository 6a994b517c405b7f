import { type Answer, OBJECTS, type Question } from '../../core/border/index.js';
import { DEFAULTS } from '../../core/defaults.js';
import { estimatesOf } from '../../core/history/durations.js';
import { asFailure } from '../failure.js';
import type { ControlAdapters } from './control-adapters.js';
import { judgeCoverage, piecesOf } from './coverage.js';

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
        case 'rawCoverage':
          return { kind: 'rawCoverage', pieces: await piecesOf(claimChecks, question) };
        case 'judgeCoverage':
          return { kind: 'judgeCoverage', verdict: await judgeCoverage({ results, claimChecks }, question) };
        case 'report':
          return {
            kind: 'report',
            report: await claimChecks.unpack({ kind: 'stored', address: question.address }, OBJECTS.report),
          };
      }
    });
