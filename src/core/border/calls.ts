import { attemptRecord, ms, strings } from './attempt.js';
import { answer, question } from './lookup.js';
import { lenderState, permitRequest, progress, requester } from './messages.js';
import { batchInput, batchResult, finishInput, plan, planInput, plannedFiles, recordInput } from './plan.js';
import { beatDetails, discoverInput, fleetSnapshot, lostWorkers, manifest, runFilesInput, runningAttempt } from './run.js';
import { z } from './schema.js';
import { plannedFile, queues, suiteInput, suiteResult } from './suite.js';

/** Arguments of a call. More than these, as a newer version may send, are ignored. */
const args = <Items extends readonly [z.ZodMiniType, ...z.ZodMiniType[]]>(...items: Items) => z.tuple(items, z.unknown());
const noArgs = z.array(z.unknown());

const execution = { workflowId: z.string(), runId: z.string() };

/** Arguments and results of the activities, by type. */
export const ACTIVITIES = {
  discover: { input: args(discoverInput), output: manifest },
  runFiles: { input: args(runFilesInput), output: z.array(attemptRecord) },
  plan: { input: args(planInput), output: plan },
  openBatch: { input: args(plannedFiles), output: z.array(plannedFile) },
  record: { input: args(recordInput), output: fleetSnapshot },
  countSlots: { input: args(z.string(), lostWorkers), output: fleetSnapshot },
  lookAtRunning: { input: args(z.object(execution)), output: z.array(runningAttempt) },
  senderOf: { input: args(z.object({ ...execution, activityId: z.string() })), output: z.nullable(z.string()) },
  areRunning: { input: args(strings), output: strings },
  finish: { input: args(finishInput), output: suiteResult },
  lookup: { input: args(question), output: answer },
} as const;

/** Arguments and results of the workflows, by type. */
export const WORKFLOWS = {
  runSuite: { input: args(suiteInput), output: suiteResult },
  runBatch: { input: args(batchInput), output: batchResult },
  lend: { input: args(queues, z.optional(lenderState)), output: z.optional(z.null()) },
  lookup: { input: args(question, queues), output: answer },
} as const;

const budgetName = z.enum(['retries', 'copies']);
const limit = z.nullable(z.number());

/** Arguments of the signals, by name. */
export const SIGNALS = {
  requestPermits: args(permitRequest),
  returnPermits: args(z.string(), z.string()),
  permitsGranted: args(z.string()),
  batchAdmitted: args(z.number()),
  runAdmitted: noArgs,
  askRun: args(z.number(), budgetName, z.number()),
  answerBatch: args(budgetName, z.boolean()),
  fileFailed: noArgs,
  limitBatch: args(limit),
  stopBatch: args(z.string()),
} as const;

/** Arguments of the updates, by name. */
export const UPDATES = {
  setMaxInFlight: args(limit, requester),
  pause: args(requester),
  resume: args(requester),
  setRunTimeout: args(z.nullable(ms), requester),
  quarantineFile: args(z.string(), requester),
  skipFile: args(z.string(), requester),
  cancelFile: args(z.string(), requester),
  extendFile: args(z.string(), ms, requester),
} as const;

/** Arguments and answers of the queries, by name. */
export const QUERIES = {
  progress: { input: args(z.number()), output: progress },
  timeout: { input: args(z.string()), output: z.nullable(ms) },
} as const;

/** Details of the heartbeats of test workers. */
export const HEARTBEAT = beatDetails;
