import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULTS } from '../../core/defaults.js';
import { messageOf } from '../../core/errors.js';
import type { Cloud } from '../../core/fleet/cloud.js';
import { type Ask, LOOKS } from './clouds.js';

/**
 * Asks a cloud's metadata service again and again, and resolves with a sentence once it says that this machine is about to be taken away. A
 * service that does not answer is told of once, and asked again: a worker goes on without it.
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
  let isSilent = false;
  for (;;) {
    try {
      const notice = await LOOKS[cloud](ask);
      if (notice !== null) return notice;
      isSilent = false;
    } catch (error) {
      if (!isSilent) log(`The metadata service at ${url} does not tell whether this machine stays: ${messageOf(error)}.`);
      isSilent = true;
    }
    await delay(intervalMs, undefined, { ref: false });
  }
}

function asker(url: string): Ask {
  return async (path, { method = 'GET', headers }) => {
    const answer = await fetch(new URL(path, url), { method, headers, signal: AbortSignal.timeout(DEFAULTS.noticeIntervalMs) });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
    return answer.text();
  };
}
