import type { UpdateRequest } from '../model/change.js';
import type { Progress } from '../model/progress.js';
import type { LenderState, PermitRequest } from '../schedule/lender.js';
import { ms, strings } from './attempt.js';
import { changeRecord } from './plan.js';
import { schemaOf, z } from './schema.js';
import { countsOfVerdicts, fileResult, suiteResult } from './suite.js';

const counts = z.record(z.string(), z.number());

export const permitRequest = schemaOf<PermitRequest>()(
  z.object({ borrower: z.string(), id: z.string(), permits: counts, capacities: counts }),
);

export const lenderState = schemaOf<LenderState>()(z.object({ lent: z.array(permitRequest), waiting: z.array(permitRequest) }));

const updateRequest = schemaOf<UpdateRequest>()(z.object({ who: z.string(), update: z.string(), id: z.string() }));

/** Who requests a change. May be missing from Temporal's Web UI, or be a name. */
export const requester = z.optional(z.nullable(z.union([updateRequest, z.string()])));

export const progress = schemaOf<Progress>()(
  z.object({
    phase: z.enum(['discovering', 'planning', 'running', 'finishing', 'finished']),
    startedAtMs: ms,
    planned: z.nullable(z.number()),
    verdicts: z.object(countsOfVerdicts),
    retries: z.number(),
    losses: z.number(),
    inFlight: z.array(
      z.object({
        activityId: z.string(),
        path: z.string(),
        repeat: z.number(),
        part: z.optional(z.object({ number: z.number(), of: z.number() })),
        attempt: z.number(),
        estimateMs: z.nullable(ms),
        timeoutMs: ms,
      }),
    ),
    waiting: z.array(z.object({ path: z.string(), what: z.string() })),
    remainingMs: z.nullable(ms),
    slots: z.number(),
    isPaused: z.boolean(),
    changes: z.array(changeRecord),
    finished: z.array(fileResult),
    cursor: z.number(),
    batches: strings,
    result: z.nullable(suiteResult),
  }),
);
