import type { Worker } from '@temporalio/worker';
import { DEFAULTS } from '../core/defaults.js';
import { whenAborted } from '../core/model/when-aborted.js';
import type { Vitals } from './health.js';

/** Makes pollers of the queues of tests (`null`), or of the one beside them where a sick worker shows itself with its reason. */
export type CreatePollers = (sick: string | null) => Promise<readonly Worker[]>;

type Life = {
  readonly vitals: Vitals;
  /** Hands back what it has. */
  readonly leaving: AbortSignal;
  readonly log: (line: string) => void;
};

/** Takes work while this worker is well, and none for a while when it is sick, until it leaves or has served its time. */
export async function pollWhileWell(createPollers: CreatePollers, life: Life): Promise<void> {
  const { vitals, leaving } = life;
  const { worn } = vitals;
  while (!leaving.aborted && !worn.aborted) {
    const { spell } = vitals;
    const polling = pollUntil([leaving, worn, spell], await createPollers(null));
    await Promise.race([polling, whenAborted(spell)]);
    if (spell.aborted && !leaving.aborted) await rest(createPollers, spell.reason, life);
    await polling; // What ran when it fell sick goes on to its end.
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

/** Stops polling at the first of these signals, and settles when what runs by then has ended. */
async function pollUntil(signals: readonly AbortSignal[], pollers: readonly Worker[]): Promise<void> {
  void Promise.race(signals.map(whenAborted)).then(() => pollers.forEach(stopOnce));
  await Promise.all(pollers.map((poller) => poller.run()));
}

/** Asking twice is no error: signals come in pairs. */
export function stopOnce(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}
