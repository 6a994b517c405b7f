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
 * Lends the permits of an installation's resources and serial groups to runs. Only runs hold permits, never workers, so a
 * worker's death neither frees nor leaks any. Runs that ended without returning theirs are detected while others wait.
 */
export async function lend(queues: Queues, state: LenderState = { lent: [], waiting: [] }): Promise<void> {
  const lender = new Lender(state);
  let hasNews = true;
  setHandler(requestPermits, (request) => {
    lender.ask(request);
    hasNews = true;
  });
  setHandler(returnPermits, (borrower, id) => {
    lender.giveBack(borrower, id);
    hasNews = true;
  });
  for (;;) {
    hasNews = false;
    await Promise.all(lender.lend().map((request) => notify(request.borrower, request.id, lender)));
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished()) return continueAsNew<typeof lend>(queues, lender.state);
    const isContended = lender.state.waiting.length > 0;
    if (await condition(() => hasNews, isContended ? DEFAULTS.lenderLookMs : DEFAULTS.lenderIdleMs)) continue;
    if (lender.state.lent.length === 0 && !isContended) return;
    if (isContended) await forgetEnded(lender, queues);
  }
}

async function notify(borrower: string, id: string, lender: Lender): Promise<void> {
  try {
    await getExternalWorkflowHandle(borrower).signal(permitsGranted, id);
  } catch {
    lender.giveBack(borrower, id); // The borrower has ended.
  }
}

async function forgetEnded(lender: Lender, queues: Queues): Promise<void> {
  const borrowers = [...new Set([...lender.state.lent, ...lender.state.waiting].map(({ borrower }) => borrower))];
  const running = new Set(await bookkeeping(queues).areRunning(borrowers));
  lender.forget((borrower) => borrowers.includes(borrower) && !running.has(borrower));
}
