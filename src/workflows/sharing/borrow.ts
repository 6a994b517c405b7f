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

/** Borrows resources that other runs use too, from the lender of the installation. */
export class Borrower {
  readonly #queues: Queues;
  readonly #capacities: Capacities;
  readonly #granted = new Set<string>();

  constructor({ queues, resources = {} }: { readonly queues: Queues; readonly resources?: Capacities }) {
    this.#queues = queues;
    this.#capacities = resources;
    setHandler(permitsGranted, (id) => void this.#granted.add(id));
  }

  /** Waits until all of the permits is lent. Cancelled meanwhile, it asks for nothing any more. */
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
    // A lender that is gone has nothing to take back.
    await CancellationScope.nonCancellable(() => this.#lender().signal(returnPermits, workflowId, id)).catch(() => undefined);
  }

  /** The lender leaves when nobody wants anything: between finding it and asking it, it may have. */
  async #ask(request: PermitRequest): Promise<void> {
    for (;;) {
      await this.#callLender();
      try {
        return await this.#lender().signal(requestPermits, request);
      } catch {
        // It has just left: the next one is called.
      }
    }
  }

  #lender() {
    return getExternalWorkflowHandle(lenderIdOf(this.#queues));
  }

  async #callLender(): Promise<void> {
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

/** One lender for each installation. */
function lenderIdOf({ control }: Queues): string {
  return `lender/${control}`;
}
