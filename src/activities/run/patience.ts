import type { Lease } from '../../core/model/lease.js';
import { Stop } from '../../core/model/stop.js';

/** Two leases on the same work; `patient` also ends once the files queued behind the running one have waited too long. */
export type Patience = { readonly whole: Lease; readonly patient: Lease; readonly isOver: boolean; close(): void };

/** `patient` ends after `ms`, or with `whole`. */
export function withPatience(whole: Lease, ms: number): Patience {
  const stop = new AbortController();
  const impatience = new Stop('inTheWay', `Files queued behind it have waited for ${Math.round(ms)} ms.`);
  const timer = setTimeout(() => stop.abort(impatience), ms);
  const signal = AbortSignal.any([whole.signal, stop.signal]);
  const patient: Lease = {
    signal,
    get expiresAtMs() {
      return whole.expiresAtMs;
    },
    onRenewal: (listener) => whole.onRenewal(listener),
  };
  return {
    whole,
    patient,
    get isOver() {
      return signal.aborted;
    },
    close: () => clearTimeout(timer),
  };
}
