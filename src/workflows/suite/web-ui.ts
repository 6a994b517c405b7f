import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { DEFAULTS } from '../../core/defaults.js';
import { SEARCH_ATTRIBUTES } from '../../core/model/search-attributes.js';
import type { SuiteResult } from '../../core/model/suite.js';
import { proofLine } from '../../core/model/totals.js';
import type { RunState } from './run-state.js';

const run = defineSearchAttributeKey(SEARCH_ATTRIBUTES.run, SearchAttributeType.KEYWORD);
const status = defineSearchAttributeKey(SEARCH_ATTRIBUTES.status, SearchAttributeType.KEYWORD);

/** Shows the run in Temporal's Web UI: progress while it is running, then its status and totals. */
export function showInWebUi(state: RunState) {
  state.onChange = () => setCurrentDetails(listOf(state));
  return {
    /** Sets the id of a run whose starter could not know it. */
    name(runId: string): void {
      upsertMemo({ runId });
      if (isRegistered()) upsertSearchAttributes([{ key: run, value: runId }]);
    },
    finish(result: SuiteResult): void {
      setCurrentDetails(
        `**${result.status}** (exit code ${result.exitCode})\n\n${proofLine(result.totals)}${result.problem ? `\n\n${result.problem}` : ''}`,
      );
      upsertMemo({ status: result.status, exitCode: result.exitCode });
      if (isRegistered()) upsertSearchAttributes([{ key: status, value: result.status }]);
    },
  };
}

/** Does the server know the search attributes? The start sets them only if it does; otherwise an upsert would block the run. */
function isRegistered(): boolean {
  return workflowInfo().typedSearchAttributes.get(status) !== undefined;
}

/** Progress as a Markdown list, because the Web UI renders table cells without space between them. */
function listOf(state: RunState): string {
  const { planned, verdicts, retries, losses, inFlight, isPaused, waiting, changes } = state.progress(Number.MAX_SAFE_INTEGER);
  const judged = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  const shown = inFlight.slice(0, DEFAULTS.slowestShown).map(({ path }) => `\`${path}\``);
  const last = changes.at(-1);
  return [
    ...(isPaused ? ['- **paused**'] : []),
    `- **${judged} of ${planned ?? '?'}** test files done: ${verdicts.failed} failed, ${verdicts.flaky} flaky`,
    `- ${retries} retries of red attempts, ${losses} re-runs of lost attempts`,
    ...(last ? [`- last change: ${last.what}, by ${last.who}`] : []),
    ...waiting.slice(0, DEFAULTS.slowestShown).map(({ path, what }) => `- \`${path}\` waits for ${what}`),
    ...(shown.length > 0 ? [`- in flight: ${shown.join(', ')}${inFlight.length > shown.length ? ' …' : ''}`] : []),
  ].join('\n');
}
