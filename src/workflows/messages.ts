import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { TIMEOUT_QUERY } from '../core/model/change.js';
import type { Progress } from '../core/model/progress.js';
import type { PermitRequest } from '../core/schedule/lender.js';

/** How far a run (or one batch of it) is. The argument is the cursor of the last answer, 0 at first. */
export const progressQuery = defineQuery<Progress, [number]>('progress');

/** How long an attempt may run as of now, by its activity's id: a worker asks before it ends one. null: none such is in flight. */
export const timeoutQuery = defineQuery<number | null, [string]>(TIMEOUT_QUERY);

/** Who asks for a change: the last argument of each update. Temporal's Web UI may leave it out. */
type Asker = string | undefined;

/** Changes how many attempts may be in flight; null takes the limit away. Answers with the limit now in force. */
export const setMaxInFlight = defineUpdate<number | null, [number | null, Asker]>('setMaxInFlight');
export const pauseRun = defineUpdate<void, [Asker]>('pause');
export const resumeRun = defineUpdate<void, [Asker]>('resume');
/** In ms from the start of the run; null for none. */
export const setRunTimeout = defineUpdate<void, [number | null, Asker]>('setRunTimeout');
/** By path. Of a run that is driven by batches, they take these. */
export const quarantineFile = defineUpdate<void, [string, Asker]>('quarantineFile');
export const skipFile = defineUpdate<void, [string, Asker]>('skipFile');
export const cancelFile = defineUpdate<void, [string, Asker]>('cancelFile');
/** By path, and by how many ms. */
export const extendFile = defineUpdate<void, [string, number, Asker]>('extendFile');

/** Run or batch → lender: requests permits. */
export const requestPermits = defineSignal<[PermitRequest]>('requestPermits');

/** Run or batch → lender: returns permits, or withdraws a request, by its id. */
export const returnPermits = defineSignal<[string, string]>('returnPermits');

/** Lender → run or batch: the permits of this request are granted. */
export const permitsGranted = defineSignal<[string]>('permitsGranted');
