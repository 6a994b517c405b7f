/** Why work that was going well is ended from outside. */
export type StopCause =
  /** A person asked the run or the file to end, or the run needs no more of it: Temporal does not tell a worker which. */
  | 'cancelled'
  /** This worker is leaving: its machine is being taken away, or someone ended it. */
  | 'workerShutdown'
  /** The server has not confirmed for so long that the file may already run elsewhere, or has given it away. */
  | 'leaseLost'
  /** An operator paused the activity in Temporal. */
  | 'paused'
  /** It takes so long that files behind it on this worker wait for it. */
  | 'inTheWay';

/** The causes as logs and failures name them. Public: people search for them. */
export const STOP_NAMES: Readonly<Record<StopCause, string>> = {
  cancelled: 'Cancelled',
  workerShutdown: 'WorkerShutdown',
  leaseLost: 'LeaseLostError',
  paused: 'PausedByOperator',
  inTheWay: 'InTheWay',
};

/** Reason of the abort signal that ends an attempt. */
export class Stop extends Error {
  override readonly name = 'Stop';
  constructor(
    readonly kind: StopCause,
    message: string,
  ) {
    super(message);
  }
}

/** Type of the ApplicationFailure by which a lost lease reaches the workflow, if it still can. */
export const LEASE_LOST = STOP_NAMES.leaseLost;
