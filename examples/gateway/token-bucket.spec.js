import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { TokenBucket } from './token-bucket.js';

describe('a token bucket', () => {
  it('lets a burst through and then refuses', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 3, now: () => 0 });
    assert.deepEqual(
      [1, 2, 3, 4].map(() => bucket.take()),
      [true, true, true, false],
    );
  });

  it('never saves up more than a burst', () => {
    let nowMs = 0;
    const bucket = new TokenBucket({ perSecond: 10, burst: 2, now: () => nowMs });
    nowMs = 60_000;
    assert.deepEqual(
      [1, 2, 3].map(() => bucket.take()),
      [true, true, false],
    );
  });

  it('keeps its rate against a real clock', async function () {
    this.timeout(20_000);
    this.slow(4_000);
    const bucket = new TokenBucket({ perSecond: 4, burst: 1 });
    const startMs = performance.now();
    for (let request = 0; request < 11; request += 1) {
      while (!bucket.take()) await delay(bucket.waitMs());
    }
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs >= 2_490, `11 requests at 4 a second took only ${tookMs} ms`);
  });
});
