/** Why running work is stopped from outside. */
export type StopCause =
  /** A person cancelled the run or the file, or the run no longer needs the attempt. Temporal does not say which. */
  | 'cancelled'
  /** The worker is shutting down: its machine is being preempted, or somebody stopped it. */
  | 'workerShutdown'
  /** The lease has expired, or the server has given the file to another worker. */
  | 'leaseLost'
  /** An operator paused the activity in Temporal. */
  | 'paused'
  /** The file takes so long that those queued behind it in the same dispatch should run elsewhere. */
  | 'inTheWay';

/** Names of the causes in logs and failures. Public: people search for them. */
export const STOP_NAMES: Readonly<Record<StopCause, string>> = {
  cancelled: 'Cancelled',
  workerShutdown: 'WorkerShutdown',
  leaseLost: 'LeaseLostError',
  paused: 'PausedByOperator',
  inTheWay: 'InTheWay',
};

/** The reason of the abort signal that stops an attempt. */
export class Stop extends Error {
  override readonly name = 'Stop';
  constructor(
    readonly kind: StopCause,
    message: string,
  ) {
    super(message);
  }
}

/** Type of the ApplicationFailure that reports a lost lease to the workflow, if the server still accepts it. */
export const LEASE_LOST = STOP_NAMES.leaseLost;
