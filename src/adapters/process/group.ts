import { DEFAULTS } from '../../core/defaults.js';
import { killGroup } from './kill-group.js';
import type { ProcessLimits } from './process.js';

export type Stopped =
  | { readonly kind: 'timedOut'; readonly deadline: 'soft' | 'hard'; readonly timeoutMs: number }
  | { readonly kind: 'aborted' };

/** Ends a group at its deadline or with its lease. `givenUp` resolves when it does not end on SIGKILL either: it hangs in the kernel. */
export function endAtLimits(group: number, { timeoutMs, currentTimeoutMs, killGraceMs, lease }: ProcessLimits) {
  const start = performance.now();
  let isOver = false;
  const timers = new Set<NodeJS.Timeout>();
  let stopped: Stopped | undefined;
  let giveUp: () => void = () => undefined;
  const givenUp = new Promise<undefined>((resolve) => {
    giveUp = () => resolve(undefined);
  });
  const at = (ms: number, action: () => void) => timers.add(setTimeout(action, Math.max(0, start + ms - performance.now())));
  const kill = () => {
    killGroup(group, 'SIGKILL');
    timers.add(setTimeout(giveUp, DEFAULTS.unkillableMs));
  };
  const abort = () => {
    stopped = { kind: 'aborted' };
    kill();
  };
  const setDeadline = (deadline: number) => {
    at(deadline, () => void pastDeadline(deadline));
  };
  const pastDeadline = async (deadline: number) => {
    const now = (await currentTimeoutMs?.()) ?? deadline;
    if (isOver || stopped) return;
    if (now > deadline) return setDeadline(now);
    stopped = { kind: 'timedOut', deadline: 'soft', timeoutMs: deadline };
    killGroup(group, 'SIGTERM');
    at(deadline + killGraceMs, () => {
      if (stopped?.kind === 'aborted') return;
      stopped = { kind: 'timedOut', deadline: 'hard', timeoutMs: deadline };
      kill();
    });
  };
  lease.signal.addEventListener('abort', abort, { once: true });
  if (timeoutMs !== null) setDeadline(timeoutMs);
  return {
    givenUp,
    stopped: () => stopped,
    close() {
      isOver = true;
      for (const timer of timers) clearTimeout(timer);
      lease.signal.removeEventListener('abort', abort);
    },
  };
}
