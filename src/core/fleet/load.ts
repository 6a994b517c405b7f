/** What a machine was doing while an attempt ran. */
export type Load = {
  /** Processor time of its processes; null if it could not be separated from that of others. */
  readonly cpuMs: number | null;
  /** Average number of slots in use on the worker meanwhile, including its own. */
  readonly busySlots: number;
  readonly cores: number;
  /** Idle share of the machine's processor time: 0 to 1. */
  readonly idleShare: number;
  /** Class of the machine; durations within a class are comparable. */
  readonly machine: string;
};
