const SECOND_MS = 1_000;
const KIB = 1_024;
/** Node's timers hold no more: 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;
const LONGEST_KILL_GRACE_MS = 900 * SECOND_MS;
const STUCK_WORKER_MARGIN_MS = 15 * SECOND_MS;

/** Every tunable number of Holdfast, with its unit and its reason. Numbers of a single framework are in `model/frameworks.ts`; no default lives anywhere else. */
export const DEFAULTS = {
  /** Silence after which a worker counts as gone. Short, because every recovery waits this long. */
  heartbeatTimeoutMs: 10 * SECOND_MS,
  /** Lowest heartbeat timeout accepted: below it, an ordinary pause of a machine looks like its loss. */
  shortestHeartbeatTimeoutMs: SECOND_MS,
  /** Beat at least this often whatever the timeout: a worker learns of a cancellation from the answer to a beat. */
  longestBeatIntervalMs: SECOND_MS,
  /** Beats per heartbeat timeout: two may fail before the third decides. */
  beatsPerTimeout: 3,
  /** Unanswered beats allowed at once: enough for one late answer, and bounded when none comes. */
  beatsInFlight: 3,
  /** The lease ends this share of the timeout before the server reassigns the file, so that it never runs twice at once. */
  leaseMarginShare: 0.2,
  /** Longest an attempt may run while its worker beats. Long: slow is not dead. */
  timeoutMs: 600 * SECOND_MS,
  /** Time between SIGTERM and SIGKILL at a deadline, to flush output. */
  killGraceMs: 5 * SECOND_MS,
  /** Highest grace accepted: a process that ignores SIGTERM for a quarter of an hour will not react at all. */
  longestKillGraceMs: LONGEST_KILL_GRACE_MS,
  /** Time after the hard deadline before the server gives up on a worker that beats but cannot kill its test. */
  stuckWorkerMarginMs: STUCK_WORKER_MARGIN_MS,
  /** Losses one test file may have before its verdict is `infraError`. */
  maxLosses: 10,
  /**
   * How often the warden checks its clocks while it guards a lease, and so how soon after resuming it notices a suspended
   * machine.
   */
  wardenLookMs: 250,
  /** How long a worker waits for the warden to say whether it killed a group, before it blames the test. */
  wardenAnswerMs: 5 * SECOND_MS,
  /** A wall clock step up to this size is a time server's correction, not a suspension. */
  clockStepMs: 2 * SECOND_MS,
  /** A worker takes no more work when this many of its wardens have died within this time. */
  wardenDeaths: { count: 3, withinMs: 10 * SECOND_MS },
  /** A worker folder that names no owner yet is left alone this long: its worker may be about to write the name. */
  ownerlessMs: 60 * SECOND_MS,
  /** Most scans for processes with a cookie; scanning stops at the first that finds none. A fork bomb may outrun several. */
  markedRounds: 50,
  /** Pause between two scans, for killed processes to leave the process table. */
  markedPauseMs: 10,
  /** Niceness of tests relative to their worker. At 10 they get a tenth of its share when both want a processor. */
  testNiceness: 10,
  /** How long after SIGKILL a process that hangs in the kernel is given up. */
  unkillableMs: 10 * SECOND_MS,
  /** How long a worker that is leaving may spend on saving the output of its tests. */
  handBackSaveMs: 2 * SECOND_MS,
  /** How long a worker waits to hear whether a deadline was extended, before it applies the one it knows. */
  timeoutAnswerMs: SECOND_MS,
  /** Retries of a red file. None, so that no failure is hidden unless somebody asks for it. */
  retries: 0,
  /** How long a worker may take to hand back its work after SIGTERM before it exits by force. */
  shutdownGraceMs: 10 * SECOND_MS,
  /** Notice that most preemptible machines get, for platforms that are not known. */
  platformGraceMs: 30 * SECOND_MS,
  /**
   * How often a cloud's metadata service is polled for a preemption notice. AWS recommends 5 s; notices may come only 30 s ahead.
   */
  noticeIntervalMs: 2 * SECOND_MS,

  /** `warm: auto` uses a session for a file when starting a process takes at least this share of the file's estimate. */
  startToKeep: 0.1,
  /** A session is replaced after this many files, or above this much memory (bytes): what files leave behind adds up. */
  filesOfSession: 200,
  memoryOfSession: 1_024 * KIB * KIB,
  /** Total size of the Go test binaries that a worker caches. */
  keptBinariesBytes: 2 * 1_024 * 1_024 * KIB,
  /** Idle time after which a session is closed. */
  sessionIdleMs: 60 * SECOND_MS,
  /**
   * Size of a shared dispatch: up to `longestMs` of estimated work, or `mostPrices` times the cost of a dispatch and a call, but
   * at least `leastMs`. `error`: the share of their estimated time by which dispatches end early or late.
   */
  sharedDispatch: { longestMs: SECOND_MS, mostPrices: 20, leastMs: 50, mostFiles: 50, dispatchMs: 20, error: 0.1 },
  /**
   * After `factor` times its estimate, but at least `leastMs` (a process may have to start), a shared dispatch stops its running
   * file in favour of those behind it.
   */
  dispatchPatience: { factor: 3, leastMs: 5 * SECOND_MS },
  /**
   * How often a worker reports the results within a shared dispatch. Results that it has not reported when it is lost run again.
   */
  earlyBeatPacing: { leastMs: 200, perAnswer: 40, longestMs: SECOND_MS },
  /** Most earlier files named for a file that was red after them. */
  filesNamed: 20,
  /** Shortest part of a file: several times the cost of a dispatch and a process start. */
  leastPartMs: SECOND_MS,
  /** Most parts of one file. Each repeats the file's setup. */
  mostParts: 100,
  /**
   * Most characters of JSON for the case names of a file's parts: one command-line argument holds 128 KiB, and escapes take room.
   */
  selectionCharacters: 48 * KIB,
  /**
   * Case names travel with their part up to this size and by address above it, so that a batch of parts stays far below the
   * message limit.
   */
  inlineNamesBytes: KIB,
  /**
   * Files that one workflow runs by itself; larger runs use batches. With 3 to 9 events per file, a batch stays below the 4,096
   * events that Temporal advises.
   */
  batchSize: 500,
  /** Attempts in flight per slot: one runs and one is ready, so that order is kept and no slot waits. */
  windowPerSlot: 2,
  /** The same for short files, so that dispatching the next one overlaps more than one running file. */
  windowPerSlotOfShortFiles: 4,
  /** A file is short when it typically takes less than this: a dispatch (20–40 ms) is then a noticeable part of it. */
  shortFileMs: 500,
  /** Window before any worker has been seen. Small, so that the first worker gets the longest files. */
  windowOfUnseenFleet: 2,
  /** Pause after the first files, one per slot, have been scheduled: several times the cost of a dispatch. */
  openingMs: 200,
  /** Most attempts in flight in one workflow. Temporal fails workflow tasks with more than 2,000 pending activities. */
  largestWindow: 1_000,
  /** Pause between two records of finished files: each costs about six history events. */
  recordIntervalMs: SECOND_MS,
  /** Bookkeeping steps that one control worker runs at once. */
  controlSlots: 8,
  /** Time that running bookkeeping steps get when a control worker shuts down. Interrupted steps are retried elsewhere. */
  controlGraceMs: 500,
  /** Longest a bookkeeping step may take: one step stores a huge report. */
  bookkeepingMs: 1_800 * SECOND_MS,
  /** How often a bookkeeping step beats, so that a dead control worker is noticed within the heartbeat timeout. */
  bookkeepingBeatMs: 2 * SECOND_MS,
  /** Pauses between tries of a bookkeeping step while the store is unreachable. */
  bookkeepingRetryMs: { first: 200, longest: 10 * SECOND_MS },
  /** Size of one record in characters of JSON: half of what Temporal accepts. */
  recordCharacters: 1_024 * KIB,
  /** Tries of a discovery and the pauses between them. A sick worker may fail the first `refusals.times`. */
  discoveryTries: 6,
  discoveryRetryMs: { first: 200, longest: SECOND_MS },
  /** Longest a framework's listing may take. */
  discoveryMs: 900 * SECOND_MS,
  /** Most files in one record. */
  recordBatchSize: 200,
  /**
   * A worker is sick when this many files in a row could not run, or one file this many times: half of a file's loss budget is
   * left for other workers.
   */
  refusals: { files: 3, times: 5 },
  /** How long a sick worker rests before it tries one file. Short, so that a repair is noticed soon. */
  sickRestMs: 20 * SECOND_MS,
  /** A worker's disk counts as full below this much free space: the output of two attempts. */
  leastFreeBytes: 16 * KIB * KIB,
  /** How long a run whose workers are all sick waits for a healthy one: time for an operator or an autoscaler to act. */
  sickFleetMs: 30 * SECOND_MS,
  /** Most workers named in a snapshot of the fleet: enough to choose another one from. */
  workersNamed: 50,
  /** First and longest pause between two snapshots of the fleet while no file ends. Each costs about ten history events. */
  fleetLookMs: { first: 5 * SECOND_MS, longest: 60 * SECOND_MS },
  /** Least time between two updates of the workflow's details in Temporal's Web UI. */
  detailsIntervalMs: 5 * SECOND_MS,

  /**
   * Timeouts from recorded durations: SIGTERM at `softFactor` times the usual duration, SIGKILL at `hardFactor`. Never before
   * the floor: a one-second file may take thirty on a bad day.
   */
  recordedTimeouts: { softFactor: 2, hardFactor: 3, floorMs: 30 * SECOND_MS },
  /**
   * Longest deadline of an attempt: half of what a timer holds, minus the graces, since a deadline may be extended by its own
   * length.
   */
  longestTimeoutMs: Math.floor(LONGEST_MS / 2) - LONGEST_KILL_GRACE_MS - STUCK_WORKER_MARGIN_MS,
  /** Each further retry of a file waits this many times as long as the one before. */
  retryBackoff: 2,
  longestRetryDelayMs: 600 * SECOND_MS,
  /** Largest share of a retry delay that is taken off at random, so that files that failed together do not return together. */
  retryJitter: 0.2,
  /** How long a retry waits for a slot on a worker that has not tried the file, before any worker will do. */
  otherWorkerMs: 2 * SECOND_MS,
  /** Share of the expected work of a run that speculative attempts may take. */
  copyShare: 0.1,
  /** An attempt is late after this many times its estimate: estimates are medians, and a quarter is within their noise. */
  lateFactor: 1.25,
  /** Least expected gain of a speculative attempt: several times the cost of a dispatch and a process start. */
  copyGainMs: SECOND_MS,
  /** How often stragglers are looked for once every file has started. Each look costs about six history events. */
  stragglerLookMs: SECOND_MS,
  longestStragglerLookMs: 15 * SECOND_MS,
  /** How long the workflow that lends resources stays without borrowers. */
  lenderIdleMs: 60 * SECOND_MS,
  /** How often it checks that borrowers still run while others wait. */
  lenderLookMs: 30 * SECOND_MS,

  /** Least time between two readings of processor use: it counts in ticks of 10 ms, and a reading takes 0.1 ms. */
  processorLookMs: 50,
  /** Below this share of idle processor time, a machine begins to slow down what runs on it. */
  idleShareOfFreeMachine: 0.2,
  /**
   * When tests are slowed down this much, one that used this part of its fair share of a processor was never waiting for anything
   * else.
   */
  hungry: { stretch: 1.25, share: 0.5 },
  /** Files that two classes of machines must both have run before durations are converted between them. */
  filesToCompareMachines: 5,
  /** A file counts as slower above this factor and this difference; less is noise. */
  slowdown: { factor: 1.5, atLeastMs: SECOND_MS },
  /** A cause of delay that cost less than this share of the bound, or less than this time, is not reported. */
  reportedDelay: { share: 0.05, leastMs: 400 },
  /** Runs that `holdfast flaky` and `history` look back on. */
  flakyRuns: 50,
  /** Repetitions of `flaky investigate`: enough to see a rate of 2 % with a certainty of 98 %. */
  investigations: 200,
  /** Longest duration that an import accepts: no test takes a day. */
  longestImportedMs: 24 * 3_600 * SECOND_MS,
  /** Results older than this are deleted when a run of their suite ends. */
  retentionMs: 400 * 24 * 3_600 * SECOND_MS,
  /** Passing attempts that an estimate is made from. */
  durationSamples: 10,
  /**
   * Weight of a sample relative to the next newer one. At 0.8 the three newest outweigh all older ones, and no single one does.
   */
  durationDecay: 0.8,

  /** Output kept per attempt. Of longer output the middle is dropped, with a note. */
  outputBytes: 8 * KIB * KIB,
  /** End of the output that travels with a red result, for display. */
  outputTailBytes: 4 * KIB,
  /** Failures that travel with a red result. The report has all of them. */
  failureExcerpts: 5,
  /** Characters of each such failure message. */
  excerptCharacters: 1_000,
  /** Lists of files up to this size travel inside a message, larger ones by address. */
  inlineManifestBytes: 64 * KIB,
  /** Reports up to this size travel inside the result, larger ones by address. */
  inlineReportBytes: 4 * KIB,
  /** The same for a file that shares a dispatch: those reports travel together, with every beat. */
  inlineReportBytesOfSharedDispatch: 2 * KIB,
  /** Largest result handed to Temporal, checked before it is sent. (The server refuses 2 MiB.) */
  resultBytes: 256 * KIB,
  /** Characters kept of one case's message or stack. */
  messageCharacters: 16 * KIB,

  /** How long a framework's own listing may take: collecting a large suite imports every file. */
  listingTimeoutMs: 120 * SECOND_MS,
  /** Largest output of a listing: some hundred thousand paths. */
  listingBytes: 64 * KIB * KIB,

  /** How long nothing runs before the command line says what the run waits for. */
  waitingNoticeMs: 3 * SECOND_MS,
  /** A worker with a free slot polls at least this often (SDK: 60 s). One silent for longer is busy or gone. */
  pollerSilenceMs: 70 * SECOND_MS,
  /** Longest a query of the results store may take. */
  lookupMs: 30 * SECOND_MS,
  /** How long a run may take to answer a progress query before it is asked again. */
  lookMs: 5 * SECOND_MS,
  /** How often the command line asks a run for its progress. */
  progressPacing: { leastMs: 250, perAnswer: 40, longestMs: SECOND_MS },
  /**
   * An attempt is reported as slow after this share of its deadline: late enough to mean something, early enough to extend the
   * deadline.
   */
  slowShare: 0.5,
  /** How many of the slowest files the summary lists. */
  slowestShown: 5,
  /** Least time between two redraws of the live view: calm for the eye and cheap over ssh. */
  redrawIntervalMs: 100,
  /** In a run with more files than this, a plain log names only those that are red or flaky. */
  everyFileNamedUpTo: 200,
  /** Such a log has a progress line at most this often, or whenever this share of the files has finished. */
  progressLine: { everyMs: 10 * SECOND_MS, everyShare: 0.1 },
  /** Lines of output, and of one failure message, that a terminal shows. `holdfast show` has all of them. */
  shownLines: 20,
  /** Time within which a source of the Temporal binary must begin to answer. */
  firstAnswerMs: 5 * SECOND_MS,
  /** How often an embedded stack without connected commands checks whether a run is still going. */
  idleLookMs: SECOND_MS,
  /** How long a command waits for a stack that ends with it. */
  stackEndMs: 5 * SECOND_MS,
  /** How long the embedded stack may take to start, including the first start in a project. */
  stackStartMs: 60 * SECOND_MS,
  /** How long to wait for a store folder that another process has open: a dry run or `doctor` holds it for about a second. */
  folderPatienceMs: 3 * SECOND_MS,
  /** How long to try a configured Temporal server before it counts as unreachable. */
  connectTimeoutMs: 5 * SECOND_MS,
  /** Pause between two of those tries. */
  connectRetryMs: 50,
  /** How late a missed scheduled run may still start. */
  catchupWindowMs: 3_600 * SECOND_MS,
  /** What a schedule does while its previous run is still going. Skip: two nightly runs at once help nobody. */
  overlap: 'SKIP',
  /** Timezone of schedules. The same on every machine. */
  timezone: 'UTC',
  /** How long a triggered schedule may take to start its run, or to report that it skips. */
  triggerMs: 30 * SECOND_MS,
  /**
   * `holdfast chaos`: mean time between kills, pause before a worker is replaced, the mix of kills, and the longest it may take.
   */
  chaos: { everyMs: 2 * SECOND_MS, respawnMs: SECOND_MS, mix: { term: 1, kill: 1, stop: 1 }, maxTimeMs: 1_800 * SECOND_MS },
  /** Queue prefix: tests run on `<prefix>.tests`, bookkeeping on `<prefix>.control`. */
  queuePrefix: 'holdfast',
  /** Highest value accepted for a count (files in flight, retries, repetitions, slots). */
  largestCount: 10_000,
  /** Highest memory requirement accepted for a file: 16 TiB. */
  largestMemoryMb: 2 ** 24,
  /** Longest duration accepted: Node's timers end at 2^31 − 1 ms (24.8 days). */
  longestMs: LONGEST_MS,
} as const;
