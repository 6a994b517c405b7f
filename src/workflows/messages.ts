import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Progress } from '../core/progress.js';

/** How far a run (or one batch of it) is. The argument is the cursor of the last answer, 0 at first. */
export const progressQuery = defineQuery<Progress, [number]>('progress');

/** Changes how many attempts may be in flight; null takes the limit away. Answers with the limit now in force. */
export const setMaxInFlight = defineUpdate<number | null, [number | null]>('setMaxInFlight');

/** Batch → run: every file of this batch has had its turn, the next batch may begin. */
export const batchAdmitted = defineSignal<[number]>('batchAdmitted');

/** Batch → run: a file has finally failed. Sent only where the run has a limit of failures. */
export const fileFailed = defineSignal('fileFailed');

/** Run → batch: no further files, end what runs. */
export const stopBatch = defineSignal('stopBatch');

/** Run → batch: how many attempts may be in flight from now on; null for no limit. */
export const limitBatch = defineSignal<[number | null]>('limitBatch');
