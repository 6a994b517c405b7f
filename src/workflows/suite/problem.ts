import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure } from '@temporalio/workflow';
import type { Problem } from '../../core/border/index.js';
import { isErrorCode } from '../../core/errors.js';

/** Why a run could not judge its files, from the innermost failure. If that was a RunnerError, its type is the code. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) return problemOf(error.cause ?? error.message);
  if (error instanceof ApplicationFailure) return { message: error.message, code: isErrorCode(error.type) ? error.type : null };
  if (error instanceof Error) return { message: error.message, code: null };
  return { message: String(error), code: null };
}
