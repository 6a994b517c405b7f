import type { Source } from '../../core/model/suite.js';

/** The code of a run on this machine. */
export type Checkout = {
  /** Absolute folder of the suite. */
  readonly cwd: string;
  /** null if unknown, as in a folder that is not a git repository. */
  readonly commit: string | null;
};

export interface Sources {
  /**
   * Finds or fetches the code; `cwd` is the suite's folder in it. With `commit` (as resolved by discovery) every worker gets the
   * same tree, even if the branch moves. Throws SOURCE_FAILED, or REVISION_UNKNOWN for a branch or tag that the remote does not
   * have.
   */
  locate(wanted: { readonly source: Source; readonly commit: string | null; readonly cwd: string }): Promise<Checkout>;
}
