import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { DEADLINE_QUERY } from '../core/model/change.js';
import type { Progress } from '../core/model/progress.js';
import type { Shared } from '../core/schedule/allowance.js';
import type { Request } from '../core/schedule/lender.js';

/** How far a run (or one batch of it) is. The argument is the cursor of the last answer, 0 at first. */
export const progressQuery = defineQuery<Progress, [number]>('progress');

/** How long an attempt may run as of now, by its activity's id: a worker asks before it ends one. null: none such is in flight. */
export const deadlineQuery = defineQuery<number | null, [string]>(DEADLINE_QUERY);

/** Who asks for a change: the last argument of each update. Temporal's Web UI may leave it out. */
type Asker = string | undefined;

/** Changes how many attempts may be in flight; null takes the limit away. Answers with the limit now in force. */
export const setMaxInFlight = defineUpdate<number | null, [number | null, Asker]>('setMaxInFlight');
export const pauseRun = defineUpdate<void, [Asker]>('pause');
export const resumeRun = defineUpdate<void, [Asker]>('resume');
/** In ms from the start of the run; null for none. */
export const setRunDeadline = defineUpdate<void, [number | null, Asker]>('setRunDeadline');
/** By path. Of a run that is driven by batches, they take these. */
export const quarantineFile = defineUpdate<void, [string, Asker]>('quarantineFile');
export const skipFile = defineUpdate<void, [string, Asker]>('skipFile');
export const cancelFile = defineUpdate<void, [string, Asker]>('cancelFile');
/** By path, and by how many ms. */
export const extendFile = defineUpdate<void, [string, number, Asker]>('extendFile');

/** Batch → run: every file of this batch has had its turn, the next batch may begin. True: it waits for the word that all have. */
export const batchAdmitted = defineSignal<[number, boolean?]>('batchAdmitted');

/** Run → batch: every file of the run has had its turn, or what has not cannot have it before this batch ends. */
export const runAdmitted = defineSignal('runAdmitted');

/** Batch → run: wants one more of what the files of a run use up together. */
export const askRun = defineSignal<[number, Shared]>('askRun');

/** Run → batch: whether it gets it. One answer for each time that it asked; which is which makes no difference. */
export const answerBatch = defineSignal<[Shared, boolean]>('answerBatch');

/** Batch → run: a file has finally failed. Sent only where the run has a limit of failures. */
export const fileFailed = defineSignal('fileFailed');

/** Run → batch: no further files, end what runs; and why. */
export const stopBatch = defineSignal<[string?]>('stopBatch');

/** Run → batch: how many attempts may be in flight from now on; null for no limit, 0 for none while the run is paused. */
export const limitBatch = defineSignal<[number | null]>('limitBatch');

/** Run or batch → lender: wants to borrow. */
export const askLender = defineSignal<[Request]>('ask');

/** Run or batch → lender: needs no longer what it has, or has asked for, under this id. */
export const payLender = defineSignal<[string, string]>('giveBack');

/** Lender → run or batch: what was asked for under this id is lent. */
export const lent = defineSignal<[string]>('lent');
