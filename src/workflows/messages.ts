import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { TIMEOUT_QUERY, type UpdateRequest } from '../core/model/change.js';
import type { Progress } from '../core/model/progress.js';
import type { PermitRequest } from '../core/schedule/lender.js';

/** Progress of a run or of one of its batches. The argument is the cursor of the last answer, 0 at first. */
export const progressQuery = defineQuery<Progress, [number]>('progress');

/** Current timeout of an attempt, by activity id: workers ask before they end one. null: no such attempt is in flight. */
export const timeoutQuery = defineQuery<number | null, [string]>(TIMEOUT_QUERY);

/** Who requests a change: the last argument of each update. May be missing from Temporal's Web UI, or be a name. */
type Requester = UpdateRequest | string | undefined;

/** Changes how many attempts may be in flight; null removes the limit. Returns the new limit. */
export const setMaxInFlight = defineUpdate<number | null, [number | null, Requester]>('setMaxInFlight');
export const pauseRun = defineUpdate<void, [Requester]>('pause');
export const resumeRun = defineUpdate<void, [Requester]>('resume');
/** In ms from the start of the run; null for no timeout. */
export const setRunTimeout = defineUpdate<void, [number | null, Requester]>('setRunTimeout');
/** Changes to a file, by path. In a run with batches, the batches accept them, not the run. */
export const quarantineFile = defineUpdate<void, [string, Requester]>('quarantineFile');
export const skipFile = defineUpdate<void, [string, Requester]>('skipFile');
export const cancelFile = defineUpdate<void, [string, Requester]>('cancelFile');
/** By path and extra ms. */
export const extendFile = defineUpdate<void, [string, number, Requester]>('extendFile');

/** Run or batch → lender: requests permits. */
export const requestPermits = defineSignal<[PermitRequest]>('requestPermits');

/** Run or batch → lender: returns the permits of a request, or withdraws it. Arguments: workflow id, request id. */
export const returnPermits = defineSignal<[string, string]>('returnPermits');

/** Lender → run or batch: grants the permits of the request with this id. */
export const permitsGranted = defineSignal<[string]>('permitsGranted');
