import { DEFAULTS } from '../../core/defaults.js';
import type { Lease } from '../../core/model/lease.js';
import type { FileRequest } from '../run-file.js';
import { type Order, parseAnswer } from './protocol.js';
import type { Sessions } from './sessions.js';
import type { StartTimes } from './start-times.js';

/**
 * Starts the processes of a run before its files are known, where its files will have some. Comes to the test files where a process lists them, and to null
 * where the framework has to.
 */
export type OpenAhead = (
  run: Pick<FileRequest, 'framework' | 'folder' | 'runId'>,
  lease: Lease,
) => Promise<readonly string[] | null>;

export function createOpenAhead(sessions: Sessions, starts: StartTimes): OpenAhead {
  return async ({ framework: { warm }, folder, runId }, lease) => {
    if (!warm || warm.isACall || !folder.spec.warm || warm.isFor?.(folder) === false) return null;
    if (folder.spec.warm === 'auto' && !(await starts.hasPaid(folder))) return null;
    const opened = sessions.openAhead(folder, runId, (...own) => warm.start(folder, ...own));
    if (!warm.lists) return null;
    await opened;
    const limits = { deadlineMs: DEFAULTS.listingTimeoutMs, killGraceMs: DEFAULTS.killGraceMs, lease };
    return sessions.ask(folder, runId, { order: JSON.stringify(LIST), limits, hear });
  };
}

const LIST: Order = { kind: 'list' };

function hear(line: string) {
  const answer = parseAnswer(line);
  if (answer?.kind !== 'listed' && answer?.kind !== 'cannot') return null;
  return { told: answer.kind === 'listed' ? answer.files : null, isLast: true };
}
