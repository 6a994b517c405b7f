import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import type { Queues } from '../../core/model/suite.js';
import { Lender, type LenderState } from '../../core/schedule/lender.js';
import { bookkeeping } from '../bookkeeping.js';
import { permitsGranted, requestPermits, returnPermits } from '../messages.js';

/**
 * Lends the named resources of an installation, and the places of its serial groups, to runs. Only runs hold something, never workers: what dies
 * on a machine frees nothing and keeps nothing. A run that ended without a word is noticed as soon as somebody waits for what it has.
 */
export async function lend(queues: Queues, state: LenderState = { lent: [], waiting: [] }): Promise<void> {
  const lender = new Lender(state);
  let isNews = true;
  setHandler(requestPermits, (request) => {
    lender.ask(request);
    isNews = true;
  });
  setHandler(returnPermits, (borrower, id) => {
    lender.giveBack(borrower, id);
    isNews = true;
  });
  for (;;) {
    isNews = false;
    await Promise.all(lender.lend().map((request) => tell(request.borrower, request.id, lender)));
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished()) return continueAsNew<typeof lend>(queues, lender.state);
    const isContended = lender.state.waiting.length > 0;
    if (await condition(() => isNews, isContended ? DEFAULTS.lenderLookMs : DEFAULTS.lenderIdleMs)) continue;
    if (lender.state.lent.length === 0 && !isContended) return;
    if (isContended) await forgetTheGone(lender, queues);
  }
}

async function tell(borrower: string, id: string, lender: Lender): Promise<void> {
  try {
    await getExternalWorkflowHandle(borrower).signal(permitsGranted, id);
  } catch {
    lender.giveBack(borrower, id); // It has ended.
  }
}

async function forgetTheGone(lender: Lender, queues: Queues): Promise<void> {
  const borrowers = [...new Set([...lender.state.lent, ...lender.state.waiting].map(({ borrower }) => borrower))];
  const running = new Set(await bookkeeping(queues).areRunning(borrowers));
  lender.forget((borrower) => borrowers.includes(borrower) && !running.has(borrower));
}
