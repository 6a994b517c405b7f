import assert from 'node:assert/strict';
import { backoff, withBackoff } from './backoff.js';

describe('backoff', () => {
  it('doubles up to its longest pause', () => {
    const pauses = backoff({ firstMs: 100, longestMs: 500, repeats: 5, random: () => 1 });
    assert.deepEqual([...pauses], [100, 200, 400, 500, 500]);
  });

  it('stays between zero and its limit', () => {
    for (const pauseMs of backoff({ firstMs: 100, longestMs: 100, repeats: 1_000 })) {
      assert.ok(pauseMs >= 0 && pauseMs <= 100, `${pauseMs}`);
    }
  });
});

describe('withBackoff', () => {
  const failing = (times) => {
    let calls = 0;
    return async () => {
      calls += 1;
      if (calls <= times) throw new Error(`failure ${calls}`);
      return calls;
    };
  };

  it('repeats until the action succeeds, with the pauses between', async () => {
    const slept = [];
    assert.equal(await withBackoff(failing(2), [10, 20, 40], async (ms) => slept.push(ms)), 3);
    assert.deepEqual(slept, [10, 20]);
  });

  it('throws what was thrown last', async () => {
    await assert.rejects(
      withBackoff(failing(9), [1, 1], async () => {}),
      /failure 3/,
    );
  });
});
