import type { SuiteReport } from '../core/model/suite-report.js';
import type { RunView } from '../render/run-view.js';

/** Something that tells a person or a program how runs go. */
export interface Reporter {
  /** Called steadily while runs go on, with every run of the command (one per suite). */
  update(runs: readonly RunView[]): void;
  /** Called once when all have ended, or when the command detaches: the reports then hold only the runs that ended. */
  finish(reports: readonly SuiteReport[]): void | Promise<void>;
  /** A sentence for the person, printed without disturbing a live view. */
  note(text: string): void;
}
