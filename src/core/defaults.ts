const SECOND_MS = 1_000;
const KIB = 1_024;
/** Limit of Node's timers: 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;
const LONGEST_KILL_GRACE_MS = 900 * SECOND_MS;
const STUCK_WORKER_MARGIN_MS = 15 * SECOND_MS;

/** Every tunable number of Holdfast, with its unit and reason. Numbers of single frameworks are in `model/frameworks.ts`. */
export const DEFAULTS = {
  /** Silence after which a worker counts as gone. Short, because every recovery waits this long. */
  heartbeatTimeoutMs: 10 * SECOND_MS,
  /** Lowest heartbeat timeout accepted: below it, an ordinary pause of a machine looks like its loss. */
  shortestHeartbeatTimeoutMs: SECOND_MS,
  /** Heartbeat at least this often, whatever the timeout: a worker learns of a cancellation from the answer to a heartbeat. */
  longestBeatIntervalMs: SECOND_MS,
  /** Heartbeats per heartbeat timeout: two may fail before the third decides. */
  beatsPerTimeout: 3,
  /** Most unanswered heartbeats at once: enough for one late answer, and bounded if none comes. */
  beatsInFlight: 3,
  /** The lease expires this share of the timeout before the server reassigns the file, so that it never runs twice at once. */
  leaseMarginShare: 0.2,
  /** Longest an attempt may run while its worker heartbeats. Long: slow is not dead. */
  timeoutMs: 600 * SECOND_MS,
  /** Time between SIGTERM and SIGKILL at a timeout, for flushing output. */
  killGraceMs: 5 * SECOND_MS,
  /** Highest grace accepted: a process that ignores SIGTERM for a quarter of an hour will not react at all. */
  longestKillGraceMs: LONGEST_KILL_GRACE_MS,
  /** Time after SIGKILL is due before the server gives up on a worker that heartbeats but cannot kill its test. */
  stuckWorkerMarginMs: STUCK_WORKER_MARGIN_MS,
  /** Losses one test file may have before its verdict is `infraError`. */
  maxLosses: 10,
  /** How often the warden checks its clocks while it guards a lease, and so how soon it notices a suspension of the machine. */
  wardenLookMs: 250,
  /** How long a worker waits for the warden to say whether it killed a group, before it blames the test. */
  wardenAnswerMs: 5 * SECOND_MS,
  /** A wall clock step up to this size is an NTP correction, not a suspension. */
  clockStepMs: 2 * SECOND_MS,
  /** A worker stops taking work after this many of its wardens have died within this time. */
  wardenDeaths: { count: 3, withinMs: 10 * SECOND_MS },
  /** A worker folder without an owner is left alone this long: its worker may be about to write its name. */
  ownerlessMs: 60 * SECOND_MS,
  /** Most scans for processes with a cookie; the first scan that finds none is the last. A fork bomb may outrun several. */
  markedRounds: 50,
  /** Pause between two scans, so that killed processes can leave the process table. */
  markedPauseMs: 10,
  /** Niceness of tests where slots outnumber cores: heartbeats must go out all the same. At 10 they get a tenth of the worker's share. */
  testNiceness: 10,
  /** How long after SIGKILL to give up on a process that hangs in the kernel. */
  unkillableMs: 10 * SECOND_MS,
  /** How long a worker that is shutting down may spend on saving the output of its tests. */
  handBackSaveMs: 2 * SECOND_MS,
  /** How long a worker waits for the answer whether a timeout was extended, before it applies the one it knows. */
  timeoutAnswerMs: SECOND_MS,
  /** Retries of a red file. None, so that failures are hidden only on request. */
  retries: 0,
  /** How long a worker may take to hand back its work after SIGTERM before it exits by force. */
  shutdownGraceMs: 10 * SECOND_MS,
  /** Notice that most preemptible machines get; used for unknown platforms. */
  platformGraceMs: 30 * SECOND_MS,
  /** How often a cloud's metadata service is polled for a preemption notice. AWS recommends 5 s; some notices come 30 s ahead. */
  noticeIntervalMs: 2 * SECOND_MS,

  /** `warm: auto` uses a session for a file if starting a process takes at least this share of the file's estimate. */
  startToKeep: 0.1,
  /** A session is replaced after this many files, or above this much memory (bytes), because leaks add up. */
  filesOfSession: 200,
  memoryOfSession: 1_024 * KIB * KIB,
  /** Total size of the Go test binaries that a worker caches. */
  keptBinariesBytes: 2 * 1_024 * 1_024 * KIB,
  /** Idle time after which a session is closed. */
  sessionIdleMs: 60 * SECOND_MS,
  /** Longest that a session may take to end by itself, if its framework has something to clean up. */
  sessionEndMs: 10 * SECOND_MS,
  /**
   * Size of a shared dispatch: up to `longestMs` of estimated work, or `mostPrices` times the cost of a dispatch and a call, but
   * at least `leastMs`. `error`: relative error of the estimate of a dispatch.
   */
  sharedDispatch: {
    longestMs: SECOND_MS,
    mostPrices: 20,
    leastMs: 50,
    mostFiles: 50,
    dispatchMs: 20,
    error: 0.1,
    filesLikeUnknown: 10,
  },
  /**
   * After `factor` times its estimate, but at least `leastMs` (a process may have to start), a shared dispatch stops the running
   * file in favour of those queued behind it.
   */
  dispatchPatience: { factor: 3, leastMs: 5 * SECOND_MS },
  /** How often a worker reports results during a shared dispatch. Unreported results of a lost worker are run again. */
  earlyBeatPacing: { leastMs: 200, perAnswer: 40, longestMs: SECOND_MS },
  /** Most raw coverage of one attempt, uncompressed: its worker holds it in memory twice. A large program measures a tenth of this. */
  rawCoverageBytes: 128 * KIB * KIB,
  /** How long raw coverage that nobody has merged is kept: a week of nightly runs. Later runs of its suite remove it. */
  rawCoverageKeptMs: 7 * 24 * 3_600 * SECOND_MS,
  /** Raw coverage in one answer of a control worker, which is text on its way: Temporal takes 2 MiB. */
  coveragePieceBytes: KIB * KIB,
  /** Most raw coverage of a run, compressed, that a command without the object store asks control workers for. Temporal stores it all. */
  coverageThroughServerBytes: 64 * KIB * KIB,
  /** Most earlier files to name for a file that was red after them. */
  filesNamed: 20,
  /** Shortest part of a file: several times the cost of a dispatch and a process start. */
  leastPartMs: SECOND_MS,
  /** Most parts of one file. Each repeats the file's setup. */
  mostParts: 100,
  /** Most characters of JSON for the case names of a file's parts: one command-line argument holds 128 KiB, including escapes. */
  selectionCharacters: 48 * KIB,
  /** Case names up to this size travel with their part, larger ones by address, to keep batches far below the message limit. */
  inlineNamesBytes: KIB,
  /** Most files in one workflow; larger runs use batches. At 3 to 9 events per file, a batch stays below the advised 4,096. */
  batchSize: 500,
  /** Attempts in flight per slot: one running and one queued, so that the order is kept and no slot waits. */
  windowPerSlot: 2,
  /** The same for short files, so that a dispatch overlaps more than one running file. */
  windowPerSlotOfShortFiles: 4,
  /** Files are short if they typically take less than this, so that a dispatch (20–40 ms) is a noticeable part of it. */
  shortFileMs: 500,
  /** Window before any worker has been seen. Small, so that the first worker gets the longest files. */
  windowOfUnseenFleet: 2,
  /** Longest that a worker tries whether processes can have a network of their own. */
  networkProbeMs: 10 * SECOND_MS,
  /** Pause after the first files, one per slot, have been scheduled: several times the cost of a dispatch. */
  openingMs: 200,
  /** Most attempts in flight in one workflow. Temporal fails workflow tasks with more than 2,000 pending activities. */
  largestWindow: 1_000,
  /** Pause between two records of finished files: each costs about six history events. */
  recordIntervalMs: SECOND_MS,
  /** Bookkeeping steps that one control worker runs concurrently. */
  controlSlots: 8,
  /** Time for running bookkeeping steps to finish when a control worker shuts down. Interrupted steps are retried elsewhere. */
  controlGraceMs: 500,
  /** Longest a bookkeeping step may take: one step stores a huge report. */
  bookkeepingMs: 1_800 * SECOND_MS,
  /** How often a bookkeeping step heartbeats, so that a dead control worker is noticed within the heartbeat timeout. */
  bookkeepingBeatMs: 2 * SECOND_MS,
  /** Pauses between attempts of a bookkeeping step while the store is unreachable. */
  bookkeepingRetryMs: { first: 200, longest: 10 * SECOND_MS },
  /** Size of one record in characters of JSON. A character takes up to three bytes, and the server rejects 2 MiB. */
  recordCharacters: 640 * KIB,
  /** Attempts at discovery and the pauses between them. A sick worker may fail the first `refusals.times`. */
  discoveryTries: 6,
  discoveryRetryMs: { first: 200, longest: SECOND_MS },
  /** Longest a framework's listing may take. */
  discoveryMs: 900 * SECOND_MS,
  /** Most files in one record. */
  recordBatchSize: 200,
  /** A worker is sick after this many files in a row could not run, or one file this many times: half of its loss budget. */
  refusals: { files: 3, times: 5 },
  /** How long a sick worker rests before it tries one file. Short, so that a fix is noticed soon. */
  sickRestMs: 20 * SECOND_MS,
  /** A worker's disk counts as full below this much free space: the output of two attempts. */
  leastFreeBytes: 16 * KIB * KIB,
  /** How long a run whose workers are all sick waits for a healthy one, so that an operator or autoscaler can act. */
  sickFleetMs: 30 * SECOND_MS,
  /** Newest events of a history in which the sender of an answer is looked for. */
  eventsSearched: 1_000,
  /** Most workers named in a snapshot of the fleet: enough to choose another one for a retry. */
  workersNamed: 50,
  /** First and longest pause between two snapshots of the fleet while no file finishes. Each costs about ten history events. */
  fleetLookMs: { first: 5 * SECOND_MS, longest: 60 * SECOND_MS },
  /** Minimum time between two updates of the workflow's details in Temporal's Web UI. */
  detailsIntervalMs: 5 * SECOND_MS,

  /**
   * Timeouts from recorded durations: SIGTERM at `softFactor` times the usual duration, SIGKILL at `hardFactor`, neither below
   * the floor: a one-second file may take thirty on a bad day.
   */
  recordedTimeouts: { softFactor: 2, hardFactor: 3, floorMs: 30 * SECOND_MS },
  /** Longest timeout of an attempt: half the timer limit less the grace periods, as people may extend it by its own length. */
  longestTimeoutMs: Math.floor(LONGEST_MS / 2) - LONGEST_KILL_GRACE_MS - STUCK_WORKER_MARGIN_MS,
  /** Factor between the delays of successive retries of a file. */
  retryBackoff: 2,
  longestRetryDelayMs: 600 * SECOND_MS,
  /** Largest share of a retry delay to subtract at random, so that files that failed together do not return together. */
  retryJitter: 0.2,
  /** How long a retry waits for a slot on a worker that has not tried the file, before it goes to any worker. */
  otherWorkerMs: 2 * SECOND_MS,
  /**
   * Second looks at files that were red beside others. From `leastRed` files and `brokenShare` of all on the build is broken, and
   * nothing is looked at. Together they may take as long as the run did before them, but always `leastMs`.
   */
  secondLook: { leastRed: 3, brokenShare: 0.2, leastMs: 60 * SECOND_MS },
  /** Most runs of `holdfast isolate`: enough to find three files among ten thousand. */
  isolateRuns: 60,
  /** Share of a run's estimated work that speculative attempts may add. */
  copyShare: 0.1,
  /** An attempt is late after this many times its estimate: estimates are medians, and 25 % is within their noise. */
  lateFactor: 1.25,
  /** Minimum expected gain of a speculative attempt: several times the cost of a dispatch and a process start. */
  copyGainMs: SECOND_MS,
  /** How often to look for stragglers once every file has started. Each look costs about six history events. */
  stragglerLookMs: SECOND_MS,
  longestStragglerLookMs: 15 * SECOND_MS,
  /** How long the workflow that lends resources keeps running without borrowers. */
  lenderIdleMs: 60 * SECOND_MS,
  /** How often it checks that borrowers still run while others wait. */
  lenderLookMs: 30 * SECOND_MS,

  /** Minimum time between two readings of CPU use, which is counted in ticks of 10 ms; a reading takes 0.1 ms. */
  processorLookMs: 50,
  /** Below this share of idle CPU time, a machine begins to slow down whatever runs on it. */
  idleShareOfFreeMachine: 0.2,
  /** A test that is slowed down by `stretch` and used at least `share` of its fair share of a processor counts as CPU-bound. */
  hungry: { stretch: 1.25, share: 0.5 },
  /** Files that two machine classes must both have run before durations are converted between them. */
  filesToCompareMachines: 5,
  /** A file counts as slower above both this factor and this difference; less is noise. */
  slowdown: { factor: 1.5, atLeastMs: SECOND_MS },
  /** A cause of delay is reported only if it cost more than both this share of the bound and this time. */
  reportedDelay: { share: 0.05, leastMs: 400 },
  /** Runs that `holdfast flaky` and `history` look back on. */
  flakyRuns: 50,
  /** Repetitions of `flaky investigate`: enough to see a failure rate of 2 % with a probability of 98 %. */
  investigations: 200,
  /** Longest duration that an import accepts: no test takes a day. */
  longestImportedMs: 24 * 3_600 * SECOND_MS,
  /** Results older than this are deleted when a run of their suite ends. */
  retentionMs: 400 * 24 * 3_600 * SECOND_MS,
  /** Most passing attempts behind an estimate. */
  durationSamples: 10,
  /** Weight of a sample relative to the next newer one. At 0.8 the three newest outweigh all older ones, but none does alone. */
  durationDecay: 0.8,

  /** Output kept per attempt. The middle of longer output is dropped, with a note. */
  outputBytes: 8 * KIB * KIB,
  /** Tail of the output that travels with a red result, for display. */
  outputTailBytes: 4 * KIB,
  /** Failures that travel with a red result. The report has all of them. */
  failureExcerpts: 5,
  /** Characters kept of each such failure message. */
  excerptCharacters: 1_000,
  /** Lists of files up to this size travel inside a message, larger ones by address. */
  inlineManifestBytes: 64 * KIB,
  /** Reports up to this size travel inside the result, larger ones by address. */
  inlineReportBytes: 4 * KIB,
  /** The same for a file in a shared dispatch, whose reports travel together with every heartbeat. */
  inlineReportBytesOfSharedDispatch: 2 * KIB,
  /** Largest result handed to Temporal, checked before it is sent. (The server rejects 2 MiB.) */
  resultBytes: 256 * KIB,
  /** Characters kept of one case's message or stack. */
  messageCharacters: 16 * KIB,

  /** Largest report that is read, and largest in XML, which takes 0.2 s per MiB to parse: the worker must go on beating meanwhile. */
  reportBytes: 64 * KIB * KIB,
  xmlCharacters: 16 * KIB * KIB,
  /** How long all patterns of a suite may take on the output of one red attempt: the worker cannot beat meanwhile. */
  patternsMs: 500,

  /** How long a framework's own listing may take: collecting a large suite imports every file. */
  listingTimeoutMs: 120 * SECOND_MS,
  /** Most files that may end the process of a listing as they are loaded: each costs another listing. */
  mostUnloadedFiles: 20,
  /** Largest output of a listing: hundreds of thousands of paths. */
  listingBytes: 64 * KIB * KIB,

  /** How long a command that got SIGTERM waits for the end of its runs: CI systems kill after 7.5 to 10 s, and to disconnect takes time too. */
  terminationPatienceMs: 5 * SECOND_MS,
  /** How long a command that leaves a run waits until the server has its request to cancel it. */
  cancelRequestMs: SECOND_MS,
  /** How long nothing may run before the command line says what the run is waiting for. */
  waitingNoticeMs: 3 * SECOND_MS,
  /** A worker with a free slot polls at least this often (SDK: 60 s). One that stays silent for longer is busy or gone. */
  pollerSilenceMs: 70 * SECOND_MS,
  /** Longest a query of the results store may take. */
  lookupMs: 30 * SECOND_MS,
  /** How long a run may take to answer a progress query before the query is repeated. */
  lookMs: 5 * SECOND_MS,
  /** How often the command line asks a run for its progress. */
  progressPacing: { leastMs: 250, perAnswer: 40, longestMs: SECOND_MS },
  /** An attempt is reported as slow after this share of its timeout: late enough to be meaningful, early enough to extend it. */
  slowShare: 0.5,
  /** How many of the slowest files the summary lists. */
  slowestShown: 5,
  /** Minimum time between two redraws of the live view: easy on the eye and cheap over ssh. */
  redrawIntervalMs: 100,
  /** In runs with more files than this, a plain log names only those that are red or flaky. */
  everyFileNamedUpTo: 200,
  /** Such a log has a progress line this often, or whenever this share of the files has finished. */
  progressLine: { everyMs: 10 * SECOND_MS, everyShare: 0.1 },
  /** Lines of output, and of one failure message, that a terminal shows. `holdfast show` has all of them. */
  shownLines: 20,
  /** Time within which a download source must begin to answer, or a program must print its version. */
  firstAnswerMs: 5 * SECOND_MS,
  /** How often an embedded stack without connected commands checks whether a run is still active. */
  idleLookMs: SECOND_MS,
  /** How long the embedded stack stays up after a command on a terminal: longer than the pause between two runs of somebody who works. */
  stackIdleMs: 600 * SECOND_MS,
  /** How often the worker of an embedded stack shows its host that its thread is free. */
  threadBeatMs: SECOND_MS,
  /** A worker of a stack that does not show that for so long is replaced: at the default heartbeat timeout its attempts are lost anyway. */
  busyThreadMs: 10 * SECOND_MS,
  /** The same for a worker that was told to leave. A free thread has begun to leave long before. */
  busyThreadAtEndMs: 3 * SECOND_MS,
  /** A stack ends after so many deaths of its server within this time. */
  serverDeaths: { count: 3, withinMs: 60 * SECOND_MS },
  /** An embedded stack that neither answers nor uses any processor for so long is suspended. */
  frozenMs: 8 * SECOND_MS,
  /** How long a command waits for its embedded stack to stop. */
  stackEndMs: 5 * SECOND_MS,
  /** How long the embedded stack may take to start, including the first start in a project. */
  stackStartMs: 60 * SECOND_MS,
  /** How long to wait for a store folder that another process has open: a dry run or `doctor` keeps it for about a second. */
  folderPatienceMs: 3 * SECOND_MS,
  /** How long to try a configured Temporal server before it counts as unreachable. */
  connectTimeoutMs: 5 * SECOND_MS,
  /** Pause between two connection attempts. */
  connectRetryMs: 50,
  /** How late a missed scheduled run may still start. */
  catchupWindowMs: 3_600 * SECOND_MS,
  /** What a schedule does if its previous run is still active. Skip: nobody wants two nightly runs at once. */
  overlap: 'SKIP',
  /** Timezone of schedules. The same on every machine. */
  timezone: 'UTC',
  /** How long a triggered schedule may take to start its run, or to report that it skips. */
  triggerMs: 30 * SECOND_MS,
  /** `holdfast chaos`: mean time between kills, pause before a worker is replaced, mix of kills, and the longest it may take. */
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
