import type { Worker } from '@temporalio/worker';
import { DEFAULTS } from '../core/defaults.js';
import { whenAborted } from '../core/model/when-aborted.js';
import type { Vitals } from './health.js';

/** Creates pollers of the tests queues (`sick` is null), or of the sick queue, where a sick worker shows its reason. */
export type CreatePollers = (sick: string | null) => Promise<readonly Worker[]>;

type Life = {
  readonly vitals: Vitals;
  /** Aborted when the worker must hand back its work and stop. */
  readonly leaving: AbortSignal;
  readonly log: (line: string) => void;
};

/** Polls for work until the worker leaves or is due for recycling. A sick worker rests for a while in between. */
export async function pollWhileWell(createPollers: CreatePollers, life: Life): Promise<void> {
  const { vitals, leaving } = life;
  const { worn } = vitals;
  while (!leaving.aborted && !worn.aborted) {
    const { spell } = vitals;
    const polling = pollUntil([leaving, worn, spell], await createPollers(null));
    await Promise.race([polling, whenAborted(spell)]);
    if (spell.aborted && !leaving.aborted) await rest(createPollers, spell.reason, life);
    await polling; // Attempts that were running when it fell sick run to their end.
    vitals.recover();
  }
}

async function rest(createPollers: CreatePollers, reason: string, { leaving, log }: Life): Promise<void> {
  log(`This worker takes no more work for ${DEFAULTS.sickRestMs / 1_000} s, then tries one file. ${reason}`);
  const rested = new AbortController();
  const timer = setTimeout(() => rested.abort(), DEFAULTS.sickRestMs);
  await pollUntil([leaving, rested.signal], await createPollers(reason));
  clearTimeout(timer);
  if (!leaving.aborted) log('This worker takes work again.');
}

/** Polls until the first of these signals, then resolves once running activities have ended. */
async function pollUntil(signals: readonly AbortSignal[], pollers: readonly Worker[]): Promise<void> {
  void Promise.race(signals.map(whenAborted)).then(() => pollers.forEach(stopOnce));
  await Promise.all(pollers.map((poller) => poller.run()));
}

/** Shuts a worker down. Safe to call twice: several signals may ask for it. */
export function stopOnce(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}
