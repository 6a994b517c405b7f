/** Renamed keys of the configuration file. An old name is rejected with the new one. */
export const RENAMED_KEYS: Readonly<Record<string, string>> = {
  deadlineMs: 'timeoutMs',
  runDeadlineMs: 'runTimeoutMs',
  repeatable: 'overlap',
  junit: 'report',
  splitOver: 'splitOverMs',
};

/** Renamed variables, likewise. */
export const RENAMED_VARIABLES: Readonly<Record<string, string>> = {
  HOLDFAST_DEADLINE: 'HOLDFAST_RUN_TIMEOUT',
  HOLDFAST_WORKERS: 'HOLDFAST_WORKER_SLOTS',
};
