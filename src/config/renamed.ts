/** Keys of the configuration file that have another name now. The old ones are refused with the new one. */
export const RENAMED_KEYS: Readonly<Record<string, string>> = {
  deadlineMs: 'timeoutMs',
  runDeadlineMs: 'runTimeoutMs',
  repeatable: 'overlap',
  junit: 'report',
  splitOver: 'splitOverMs',
};

/** The same of variables. */
export const RENAMED_VARIABLES: Readonly<Record<string, string>> = {
  HOLDFAST_DEADLINE: 'HOLDFAST_RUN_TIMEOUT',
  HOLDFAST_WORKERS: 'HOLDFAST_WORKER_SLOTS',
};
