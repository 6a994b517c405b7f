import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { applyMovement, EventLog } from './event-log.js';

describe('the event log', () => {
  let folder;
  let path;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'warehouse-'));
    path = join(folder, 'events.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('adds up to the state', async () => {
    const log = new EventLog(path);
    for (const event of [
      { sku: 'tea', by: 10 },
      { sku: 'cup', by: 3 },
      { sku: 'tea', by: -4 },
    ])
      await log.append(event);
    assert.deepEqual(await new EventLog(path).replay(applyMovement, {}), { tea: 6, cup: 3 });
  });

  it('has no events before the first', async () => {
    assert.deepEqual(await new EventLog(path).replay(applyMovement, {}), {});
  });

  it('gets over a line that a crash has cut off', async () => {
    const log = new EventLog(path);
    await log.append({ sku: 'tea', by: 10 });
    await appendFile(path, '{"sku":"tea","b');
    assert.deepEqual(await log.replay(applyMovement, {}), { tea: 10 });
  });
});
