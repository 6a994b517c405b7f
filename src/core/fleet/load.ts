/** What a machine was doing while an attempt ran. */
export type Load = {
  /** CPU time of its processes; null if it could not be told apart from that of others. */
  readonly cpuMs: number | null;
  /** Average number of slots in use on the worker during the attempt, including its own. */
  readonly busySlots: number;
  readonly cores: number;
  /** Idle share of the machine's CPU time: 0 to 1. */
  readonly idleShare: number;
  /** Class of the machine; durations within a class are comparable. */
  readonly machine: string;
};
