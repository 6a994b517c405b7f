const SECOND_MS = 1_000;
const KIB = 1_024;
/** Node's timers end here: 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;
const LONGEST_KILL_GRACE_MS = 900 * SECOND_MS;
const STUCK_WORKER_MARGIN_MS = 15 * SECOND_MS;

/** Every tunable number of Holdfast, with its unit and its reason. Nothing else holds a default. */
export const DEFAULTS = {
  /** Silence that means the machine is gone. Short: every recovery waits this long. */
  heartbeatTimeoutMs: 10 * SECOND_MS,
  /** Least heartbeat timeout accepted: below, an ordinary pause of a machine looks like its loss. */
  shortestHeartbeatTimeoutMs: SECOND_MS,
  /** A beat at least this often, whatever the timeout: the answer to a beat is where a cancellation is learned. */
  longestBeatIntervalMs: SECOND_MS,
  /** Beats sent for each heartbeat timeout: two may fail before the third decides. */
  beatsPerTimeout: 3,
  /** Beats that may wait for an answer at once: enough for one late answer, and bounded where none comes. */
  beatsInFlight: 3,
  /** The lease ends this share of the timeout before the server gives the file away, so that two copies never overlap. */
  leaseMarginShare: 0.2,
  /** Longest one attempt may run while it beats. Long: slow is not dead. */
  deadlineMs: 600 * SECOND_MS,
  /** Between SIGTERM and SIGKILL at the deadline: time to flush output. */
  killGraceMs: 5 * SECOND_MS,
  /** Longest such grace: what ignores SIGTERM for a quarter of an hour ignores it for ever. */
  longestKillGraceMs: LONGEST_KILL_GRACE_MS,
  /** Beyond the hard deadline, before the server gives up on a worker that beats but cannot kill its test. */
  stuckWorkerMarginMs: STUCK_WORKER_MARGIN_MS,
  /** Workers one test file may use up before its verdict is `infraError`. */
  maxLosses: 10,
  /** How often the warden looks at its clocks while it guards a lease: a suspended machine is noticed this soon after it wakes. */
  wardenLookMs: 250,
  /** How long a worker waits for its warden's word on whether it ended a group, before it takes the end for the test's own. */
  wardenAnswerMs: 5 * SECOND_MS,
  /** A step of the wall clock that is no suspension: time servers correct by this much. */
  clockStepMs: 2 * SECOND_MS,
  /** Wardens that may die within this time before their worker takes no more work. */
  wardenDeaths: { count: 3, withinMs: 10 * SECOND_MS },
  /** A worker's folder without a name in it is left alone so long: its worker may be about to write it. */
  ownerlessMs: 60 * SECOND_MS,
  /** Looks for processes with a cookie, until one finds none: a fork bomb may outrun the first ones. */
  markedRounds: 50,
  /** Between two of them: time for what was killed to leave the process table. */
  markedPauseMs: 10,
  /** How far tests stand back behind their worker, as `nice` counts: at 10 they get a tenth of its share where both want a processor. */
  testNiceness: 10,
  /** After SIGKILL, before a process that does not end (it hangs in the kernel) is given up. */
  unkillableMs: 10 * SECOND_MS,
  /** How long a leaving worker may take to save what a test has printed. */
  handBackSaveMs: 2 * SECOND_MS,
  /** How long a worker waits for the word whether a deadline was extended, before it keeps the one it knows. */
  deadlineAnswerMs: SECOND_MS,
  /** Red attempts repeated before a file is `failed`: none, so that a failure is never hidden unasked. */
  retries: 0,
  /** How long a worker may take to hand back its work after SIGTERM, before it is ended by force. */
  shutdownGraceMs: 10 * SECOND_MS,
  /** What preemptible machines get between the notice and their end, where the platform is not known: most of them. */
  platformGraceMs: 30 * SECOND_MS,
  /** How often a cloud's metadata service is asked whether this machine is about to be taken away. AWS advises 5 s; notices may come 30 s ahead. */
  noticeIntervalMs: 2 * SECOND_MS,

  /** `warm: auto` keeps processes for a file of which the start of one is at least such a share. */
  startToKeep: 0.1,
  /** Files that one warm process runs before a new one takes its place, and the memory it may have by then: what they leave behind adds up. */
  filesOfSession: 200,
  memoryOfSession: 1_024 * KIB * KIB,
  /** Test binaries of go that a worker keeps, all together. */
  keptBinariesBytes: 2 * 1_024 * 1_024 * KIB,
  /** How long one is kept that nothing is asked of. */
  sessionIdleMs: 60 * SECOND_MS,
  /**
   * Files that go to a worker together: about a second of expected work, or so many times the price of a dispatch and a call; not less than a dispatch is
   * worth. `error`: the part of their expected time by which chunks end earlier or later than others.
   */
  chunk: { longestMs: SECOND_MS, mostPrices: 20, leastMs: 50, mostFiles: 50, dispatchMs: 20, error: 0.1 },
  /** What a call for several files costs beside them, until one has told. */
  callMs: { vitest: 300, pytest: 100, go: 100 },
  /**
   * A chunk that takes so many times what was expected, and at least so long (a process may have to start), lets the file that runs give way. `unexpectedMs`:
   * what each may need that those recorded did not: a package of go that has changed is linked.
   */
  chunkPatience: { factor: 3, leastMs: 5 * SECOND_MS, unexpectedMs: { go: SECOND_MS } },
  /** How often a worker tells what the files of a chunk have said: what it had not told when it is lost runs again. */
  chunkNewsPace: { leastMs: 200, perAnswer: 40, longestMs: SECOND_MS },
  /** Files that are named as those after which another one was red. */
  filesNamed: 20,
  /** Parts are not made shorter than this: several times what a dispatch takes, and a process. */
  leastPartMs: SECOND_MS,
  /** Most parts of one file. Each pays the file's set-up again. */
  mostParts: 100,
  /** Names of cases that a file's parts may ask for, in characters of JSON: one word of a command line holds 128 KiB, and escapes take room. */
  selectionCharacters: 48 * KIB,
  /** Such names travel with each part up to this size, by address above it: a batch of parts stays far below what a message holds. */
  inlineNamesBytes: KIB,
  /** Files one workflow drives by itself. Beyond: batches. At 3 to 9 events a file it stays below Temporal's advice of 4,096. */
  batchSize: 500,
  /** Attempts in flight for each slot of the fleet: one runs, one is ready, so that the order holds and no slot waits. */
  windowPerSlot: 2,
  /** The same where files are short, so that the dispatch of the next hides behind more than one running file. */
  windowPerSlotOfShortFiles: 4,
  /** Below this typical duration a file counts as short: a dispatch (20–40 ms) is then no longer small beside it. */
  shortFileMs: 500,
  /** Window before any worker has been seen. Small: the first to come should get the longest files. */
  windowOfUnseenFleet: 2,
  /** After the first files have been scheduled, one for each slot, before the next are: several times what a dispatch takes. */
  openingMs: 200,
  /** Never more attempts in flight than this in one workflow. Temporal fails workflow tasks past 2,000 pending activities. */
  largestWindow: 1_000,
  /** Pause between two records of finished files: each costs some six history events. */
  recordIntervalMs: SECOND_MS,
  /** Bookkeeping steps of one control worker at a time. */
  controlSlots: 8,
  /** Time that running bookkeeping steps get to end when a control worker is told to leave; cut off, they are repeated elsewhere. */
  controlGraceMs: 500,
  /** Longest a bookkeeping step may take: a huge report is ingested in one. */
  bookkeepingMs: 1_800 * SECOND_MS,
  /** A bookkeeping step beats this often, so that a control worker that dies is noticed within the heartbeat timeout. */
  bookkeepingBeatMs: 2 * SECOND_MS,
  /** Pauses between tries of a bookkeeping step while the store is away. */
  bookkeepingRetryMs: { first: 200, longest: 10 * SECOND_MS },
  /** Size of one record, in characters of JSON: half of what Temporal accepts. */
  recordCharacters: 1_024 * KIB,
  /** Tries of a discovery, and the pauses between them: a sick worker may take the first `refusals.times` of them. */
  discoveryTries: 6,
  discoveryRetryMs: { first: 200, longest: SECOND_MS },
  /** Longest a framework's listing may take. */
  discoveryMs: 900 * SECOND_MS,
  /** Most files in one record. */
  recordBatchSize: 200,
  /** A worker is sick when so many files in a row could not be run, or one file so many times: half of a file's loss budget is left for others. */
  refusals: { files: 3, times: 5 },
  /** How long it then takes no work, before it tries one file. Short: what was mended should be noticed soon. */
  sickRestMs: 20 * SECOND_MS,
  /** Free space below which a worker's disk counts as full: room for the output of two attempts. */
  leastFreeBytes: 16 * KIB * KIB,
  /** A run whose workers are all sick waits so long for a healthy one: time for an operator, or an autoscaler, to bring it. */
  sickFleetMs: 30 * SECOND_MS,
  /** Workers that a look at the fleet names: enough to choose another one from. */
  workersNamed: 50,
  /** First and longest pause between two looks at the fleet while no file ends. Each look costs about ten history events. */
  fleetLookMs: { first: 5 * SECOND_MS, longest: 60 * SECOND_MS },
  /** Least time between two updates of the workflow's details in Temporal's Web UI. */
  detailsIntervalMs: 5 * SECOND_MS,

  /** Deadlines from recorded durations: asked to end at this many times the usual, killed at that; never sooner than the floor, for what takes a second may take thirty on a bad day. */
  historyDeadlines: { softFactor: 2, hardFactor: 3, floorMs: 30 * SECOND_MS },
  /** Largest such factor accepted. */
  largestFactor: 1_000,
  /** Longest deadline of an attempt. Half of what a timer holds, less the graces: it may be extended by its own length, and they follow. */
  longestDeadlineMs: Math.floor(LONGEST_MS / 2) - LONGEST_KILL_GRACE_MS - STUCK_WORKER_MARGIN_MS,
  /** Each further repeat of a red file waits this many times as long. */
  retryBackoff: 2,
  longestRetryDelayMs: 600 * SECOND_MS,
  /** Share of a delay that chance takes off, so that those that failed together do not come back together. */
  retryJitter: 0.2,
  /** How long a repeat may wait for a slot of a worker that has not tried the file, before any worker will do. */
  otherWorkerMs: 2 * SECOND_MS,
  /** Second copies of slow files that one run may start. */
  maxCopies: 2,
  /** An attempt that has lasted this many times what was expected is late: estimates are medians, and a quarter is within their noise. */
  lateFactor: 1.25,
  /** What a copy must be expected to gain: several times what a dispatch and a start take. */
  copyGainMs: SECOND_MS,
  /** How often stragglers are looked for, once every file has had its turn. Each look costs some six history events. */
  stragglerLookMs: SECOND_MS,
  longestStragglerLookMs: 15 * SECOND_MS,
  /** How long whoever lends resources stays without anybody who wants one. */
  lenderIdleMs: 60 * SECOND_MS,
  /** How often it asks whether those who hold something still run, while others wait. */
  lenderLookMs: 30 * SECOND_MS,

  /** Least time between two looks at what a machine's processors do: they count in ticks of 10 ms, and a look takes 0.1 ms. */
  processorLookMs: 50,
  /** Below this share of idle processor time a machine begins to stretch what runs on it. */
  idleShareOfFreeMachine: 0.2,
  /** Where tests are stretched at least so far, one that used this part of its fair share of a processor wanted it all the time. */
  hungry: { stretch: 1.25, share: 0.5 },
  /** Files that two classes of machines must both have run before the pace of one is reckoned in that of the other. */
  filesToCompareMachines: 5,
  /** Longer by this factor, and by so much, a file is slower by more than the noise of a machine. */
  slowdown: { factor: 1.5, atLeastMs: SECOND_MS },
  /** What costs less than this share of the bound, or less than this, is not told as what held a run back. */
  heldBack: { share: 0.05, leastMs: 400 },
  /** Runs that the history of flakiness looks back on, unless it is told otherwise. */
  flakyRuns: 50,
  /** Repeats of an investigation: a rate of 2 % is seen with a certainty of 98 %. */
  investigations: 200,
  /** Durations above are refused when they are brought from elsewhere: no test takes a day. */
  longestImportedMs: 24 * 3_600 * SECOND_MS,
  /** Results older than this are forgotten when a run of their suite ends. */
  retentionMs: 400 * 24 * 3_600 * SECOND_MS,
  /** Passing attempts an estimate looks back on. */
  durationSamples: 10,
  /** Weight of a sample beside the next newer one. At 0.8 the three newest outweigh all older ones, and no single one does. */
  durationDecay: 0.8,

  /** Output kept of one attempt. The middle of anything longer is left out, and the gap is named. */
  outputBytes: 8 * KIB * KIB,
  /** End of the output that travels with a red result, to be shown at once. */
  outputTailBytes: 4 * KIB,
  /** Failures that travel with a red result. All of them are in its report. */
  failureExcerpts: 5,
  /** Characters of one failure message that travel. */
  excerptCharacters: 1_000,
  /** Lists of files up to this size travel inside a message, larger ones by address. */
  inlineManifestBytes: 64 * KIB,
  /** Reports up to this size travel inside the result, larger ones by address. */
  inlineReportBytes: 4 * KIB,
  /** The same of a file that shares a dispatch: they all travel together, again and again. */
  inlineReportBytesOfChunk: 2 * KIB,
  /** Largest result handed to Temporal, checked before it is sent. (The server refuses 2 MiB.) */
  resultBytes: 256 * KIB,
  /** Characters of one case's message or stack that a report keeps. */
  messageCharacters: 16 * KIB,

  /** How long a framework's own listing may take: collecting a large suite imports every file of it. */
  listingTimeoutMs: 120 * SECOND_MS,
  /** Largest answer of a listing: some hundred thousand paths. */
  listingBytes: 64 * KIB * KIB,

  /** The command line says what a run waits for when nothing has started for this long. */
  waitingNoticeMs: 3 * SECOND_MS,
  /** A worker with a free slot polls anew at least this often (SDK: 60 s); silent for longer it is busy or gone. */
  pollerSilenceMs: 70 * SECOND_MS,
  /** Longest a question to the results store may take. */
  lookupMs: 30 * SECOND_MS,
  /** How long a run may take to tell its progress, before it is asked anew. */
  lookMs: 5 * SECOND_MS,
  /** How often the command line asks a run for its progress. */
  progressPace: { leastMs: 250, perAnswer: 40, longestMs: SECOND_MS },
  /** An attempt is named as slow when it has used up this share of its deadline: late enough to mean something, early enough to extend it. */
  slowShare: 0.5,
  /** A file that runs this long is named as slow while it runs, where no estimate says more. */
  slowestShown: 5,
  /** Least time between two redraws of the live view: calmer than the eye, and cheap over ssh. */
  redrawIntervalMs: 100,
  /** Above so many files a plain log names only what is red or flaky. */
  everyFileNamedUpTo: 200,
  /** There, a line of progress comes at most this often, or whenever this share of the files has ended. */
  progressLine: { everyMs: 10 * SECOND_MS, everyShare: 0.1 },
  /** Lines of output, and of one failure message, that a terminal shows. All of it is one `holdfast show` away. */
  shownLines: 20,
  /** A step towards a Temporal binary must answer within this time. */
  firstAnswerMs: 5 * SECOND_MS,
  /** How often an embedded stack that nobody is connected to looks whether a run still goes on. */
  idleLookMs: SECOND_MS,
  /** How long a command waits for the end of a stack that ends with it. */
  stackEndMs: 5 * SECOND_MS,
  /** How long the embedded stack may take to be ready, the first start in a project included. */
  stackStartMs: 60 * SECOND_MS,
  /** How long a store's folder that another process has open is waited for: a look at it (a dry run, `doctor`) takes about a second. */
  folderPatienceMs: 3 * SECOND_MS,
  /** How long to try a configured Temporal server before calling it unreachable. */
  connectTimeoutMs: 5 * SECOND_MS,
  /** Pause between two tries meanwhile. */
  connectRetryMs: 50,
  /** A missed scheduled run is caught up for this long. */
  catchupWindowMs: 3_600 * SECOND_MS,
  /** What a schedule does when its time comes while its last run still goes on. Skip: two nights' runs at once help nobody. */
  overlap: 'SKIP',
  /** Where the times of a schedule are read. The same on every machine. */
  timezone: 'UTC',
  /** How long a triggered schedule may take to start its run, or to say that it skips. */
  triggerMs: 30 * SECOND_MS,
  /** `holdfast chaos`: mean time between kills, pause before a worker is replaced, the mix of kills, and the longest it may take. */
  chaos: { everyMs: 2 * SECOND_MS, respawnMs: SECOND_MS, mix: { term: 1, kill: 1, stop: 1 }, maxTimeMs: 1_800 * SECOND_MS },
  /** Queue prefix: the tests run on `<prefix>.tests`, the bookkeeping on `<prefix>.control`. */
  queuePrefix: 'holdfast',
  /** Largest number accepted where a count is asked for (files in flight, retries, repeats, workers). */
  largestCount: 10_000,
  /** Most memory that a file may be said to take: 16 TiB. */
  largestMemoryMb: 2 ** 24,
  /** Longest duration accepted: Node's timers end at 2^31 − 1 ms (24.8 days). */
  longestMs: LONGEST_MS,
} as const;
