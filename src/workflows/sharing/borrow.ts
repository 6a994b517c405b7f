import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  condition,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { type Capacities, capacitiesFor, type Permits } from '../../core/model/permits.js';
import type { Queues } from '../../core/model/suite.js';
import type { PermitRequest } from '../../core/schedule/lender.js';
import { permitsGranted, requestPermits, returnPermits } from '../messages.js';
import { lend } from './lend.js';

/** Borrows permits of resources that runs share, from the lender of the installation. */
export class Borrower {
  readonly #queues: Queues;
  readonly #capacities: Capacities;
  readonly #granted = new Set<string>();

  constructor({ queues, resources = {} }: { readonly queues: Queues; readonly resources?: Capacities }) {
    this.#queues = queues;
    this.#capacities = resources;
    setHandler(permitsGranted, (id) => void this.#granted.add(id));
  }

  /** Waits until all permits are granted. If cancelled, withdraws the request and throws. */
  async borrow(id: string, permits: Permits): Promise<void> {
    const { workflowId: borrower } = workflowInfo();
    await CancellationScope.nonCancellable(() =>
      this.#ask({ borrower, id, permits, capacities: capacitiesFor(permits, this.#capacities) }),
    );
    try {
      await condition(() => this.#granted.has(id));
    } catch (error) {
      await this.giveBack(id);
      throw error;
    }
  }

  async giveBack(id: string): Promise<void> {
    this.#granted.delete(id);
    const { workflowId } = workflowInfo();
    // If the lender has ended, there is nothing to return.
    await CancellationScope.nonCancellable(() => this.#lender().signal(returnPermits, workflowId, id)).catch(() => undefined);
  }

  /** Retries, because an idle lender ends and may do so between start and signal. */
  async #ask(request: PermitRequest): Promise<void> {
    for (;;) {
      await this.#ensureLender();
      try {
        return await this.#lender().signal(requestPermits, request);
      } catch {
        // The lender has just ended; start a new one.
      }
    }
  }

  #lender() {
    return getExternalWorkflowHandle(lenderIdOf(this.#queues));
  }

  async #ensureLender(): Promise<void> {
    try {
      await startChild(lend, {
        workflowId: lenderIdOf(this.#queues),
        args: [this.#queues],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        cancellationType: ChildWorkflowCancellationType.ABANDON,
        staticSummary: 'lends named resources to runs',
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
}

/** One lender per installation. */
function lenderIdOf({ control }: Queues): string {
  return `lender/${control}`;
}
