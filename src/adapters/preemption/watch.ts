import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULTS } from '../../core/defaults.js';
import { messageOf } from '../../core/errors.js';
import type { Cloud } from '../../core/fleet/cloud.js';
import { type Ask, LOOKS } from './clouds.js';

/**
 * Polls a cloud's metadata service and resolves with a sentence once it announces that this machine will be preempted. A failing service is
 * logged once per outage and polled again: the worker carries on without it.
 */
export async function watchForNotice(
  cloud: Cloud,
  {
    url,
    log,
    intervalMs = DEFAULTS.noticeIntervalMs,
  }: { readonly url: string; readonly log: (line: string) => void; readonly intervalMs?: number },
): Promise<string> {
  const ask = asker(url);
  let isFailing = false;
  for (;;) {
    try {
      const notice = await LOOKS[cloud](ask);
      if (notice !== null) return notice;
      isFailing = false;
    } catch (error) {
      if (!isFailing) log(`The metadata service at ${url} cannot be polled for preemption notices: ${messageOf(error)}.`);
      isFailing = true;
    }
    await delay(intervalMs, undefined, { ref: false });
  }
}

function asker(url: string): Ask {
  return async (path, { method = 'GET', headers }) => {
    const response = await fetch(new URL(path, url), { method, headers, signal: AbortSignal.timeout(DEFAULTS.noticeIntervalMs) });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${path} returned status ${response.status}`);
    return response.text();
  };
}
