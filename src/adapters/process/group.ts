import { DEFAULTS } from '../../core/defaults.js';
import { killGroup } from './kill-group.js';
import type { ProcessLimits } from './process.js';

export type Stopped =
  | { readonly kind: 'timedOut'; readonly deadline: 'soft' | 'hard'; readonly timeoutMs: number }
  | { readonly kind: 'aborted' };

/** Stops a group at its deadline or when its lease ends. `givenUp` resolves if even SIGKILL does not end it: it hangs in the kernel. */
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
  const setDeadline = (deadlineMs: number) => {
    at(deadlineMs, () => void atDeadline(deadlineMs));
  };
  const atDeadline = async (deadlineMs: number) => {
    const currentMs = (await currentTimeoutMs?.()) ?? deadlineMs;
    if (isOver || stopped) return;
    if (currentMs > deadlineMs) return setDeadline(currentMs);
    stopped = { kind: 'timedOut', deadline: 'soft', timeoutMs: deadlineMs };
    killGroup(group, 'SIGTERM');
    at(deadlineMs + killGraceMs, () => {
      if (stopped?.kind === 'aborted') return;
      stopped = { kind: 'timedOut', deadline: 'hard', timeoutMs: deadlineMs };
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
