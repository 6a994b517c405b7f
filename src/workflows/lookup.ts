import type { Answer, Question } from '../core/border/index.js';
import type { Queues } from '../core/model/suite.js';
import { bookkeeping } from './bookkeeping.js';

/** Answers a question from the results store, which only control workers can reach. */
export async function lookup(question: Question, queues: Queues): Promise<Answer> {
  return bookkeeping(queues).lookup(question);
}
