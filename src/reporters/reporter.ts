import type { SuiteReport } from '../core/model/suite-report.js';
import type { RunView } from '../render/run-view.js';

/** Shows runs to a person or a program. */
export interface Reporter {
  /** Called repeatedly while runs are in progress, with every run of the command (one per suite). */
  update(runs: readonly RunView[]): void;
  /** Called once when all runs have ended or the command detaches. Holds the reports of the runs that have ended. */
  finish(reports: readonly SuiteReport[]): void | Promise<void>;
  /** A sentence for the person, printed without disturbing a live view. */
  note(text: string): void;
}
