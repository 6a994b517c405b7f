/** Why work is ended from outside. */
export type StopCause =
  /** A person cancelled the run or the file, or the run no longer needs the attempt. Temporal does not tell a worker which. */
  | 'cancelled'
  /** The worker is leaving: its machine is being taken away, or somebody stopped it. */
  | 'workerShutdown'
  /** The lease has expired, or the server has given the file to another worker. */
  | 'leaseLost'
  /** An operator paused the activity in Temporal. */
  | 'paused'
  /** It takes so long that files behind it in the same dispatch should run elsewhere. */
  | 'inTheWay';

/** The causes as logs and failures name them. Public: people search for these words. */
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

/** Type of the ApplicationFailure that reports a lost lease to the workflow, if it still can. */
export const LEASE_LOST = STOP_NAMES.leaseLost;
