import { expect, test } from 'vitest';
import { EarlyBeats } from '../../src/activities/run/early-beats.js';
import type { AttemptRecord } from '../../src/core/model/attempt.js';

test('the size of records is in bytes, also where their text is not ASCII', () => {
  const record: AttemptRecord = {
    worker: '見本/1',
    startedAtMs: 0,
    outcome: { kind: 'lost', cause: 'broken', reason: '試験が失われた', atMs: 0 },
  };
  const beats = new EarlyBeats(() => Promise.resolve());
  beats.noted(record);
  beats.noted(record);
  expect(beats.sizeBytes).toBe(2 * Buffer.byteLength(JSON.stringify(record), 'utf8'));
  expect(beats.sizeBytes).toBeGreaterThan(2 * JSON.stringify(record).length);
});
