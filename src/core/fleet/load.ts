/** What a machine was doing while an attempt ran. */
export type Load = {
  /** Processor time of its processes; null where it could not be told apart from that of others. */
  readonly cpuMs: number | null;
  /** Slots of the worker in use meanwhile, on average, its own included. */
  readonly busySlots: number;
  readonly cores: number;
  /** Share of the machine's processor time that nobody used: 0 to 1. */
  readonly idleShare: number;
  /** Class of the machine: attempts on machines of one class compare. */
  readonly machine: string;
};
