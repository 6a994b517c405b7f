import { DEFAULTS } from '../../core/defaults.js';
import { killGroup } from './kill-group.js';
import type { ProcessLimits, TimedOut } from './process.js';

export type Stopped = TimedOut | { readonly kind: 'aborted' };

/** Stops a group at its timeout or when its lease ends. `givenUp` resolves if even SIGKILL does not end it: it hangs in the kernel. */
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
  const setTimeoutAt = (limitMs: number) => {
    at(limitMs, () => void atTimeout(limitMs));
  };
  const atTimeout = async (limitMs: number) => {
    const currentMs = (await currentTimeoutMs?.()) ?? limitMs;
    if (isOver || stopped) return;
    if (currentMs > limitMs) return setTimeoutAt(currentMs);
    stopped = { kind: 'timedOut', endedBy: 'SIGTERM', timeoutMs: limitMs };
    killGroup(group, 'SIGTERM');
    at(limitMs + killGraceMs, () => {
      if (stopped?.kind === 'aborted') return;
      stopped = { kind: 'timedOut', endedBy: 'SIGKILL', timeoutMs: limitMs };
      kill();
    });
  };
  lease.signal.addEventListener('abort', abort, { once: true });
  if (timeoutMs !== null) setTimeoutAt(timeoutMs);
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
