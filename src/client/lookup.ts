import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { type Answer, type Question, received, WORKFLOWS } from '../core/border/index.js';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import type { Queues } from '../core/model/suite.js';
import type { lookup } from '../workflows/lookup.js';

/** Queries the results store through a control worker. Throws RUN_UNREADABLE if none answers. */
export async function ask<K extends Question['kind']>(
  client: Client,
  queues: Queues,
  question: Extract<Question, { kind: K }>,
): Promise<Extract<Answer, { kind: K }>> {
  try {
    const answered = await client.workflow.execute<typeof lookup>('lookup', {
      workflowId: `lookup/${question.kind}/${randomUUID()}`,
      taskQueue: queues.control,
      args: [question, queues],
      workflowExecutionTimeout: DEFAULTS.lookupMs,
    });
    const answer = received(WORKFLOWS.lookup.output, answered, 'The answer');
    if (isAnswerTo(answer, question.kind)) return answer;
    throw new Error(`The answer to ${question.kind} was ${answer.kind}.`);
  } catch (error) {
    const reason = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    throw new RunnerError('RUN_UNREADABLE', `No control worker on ${queues.control} answered: ${reason}.`, { cause: error });
  }
}

function isAnswerTo<K extends Answer['kind']>(answer: Answer, kind: K): answer is Extract<Answer, { kind: K }> {
  return answer.kind === kind;
}
