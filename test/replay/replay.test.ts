import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';
import { quietRuntime } from '../../src/adapters/temporal/runtime.js';

/** Workflow ids of the histories, recorded by scripts/record-histories.mjs. */
const SAVED: Readonly<Record<string, string>> = {
  batch: 'suite/many/many1/batch-1',
  'batched-run': 'suite/many/many1',
  'cancelled-run': 'suite/slow/slow1',
  lender: 'lender/holdfast.control',
  'run-in-lanes': 'suite/lane/lane1',
  'run-in-parts': 'suite/parts/parts1',
  'run-in-shared-dispatches': 'suite/short/short1',
  'run-with-copies': 'suite/copies/copies1',
  'run-with-retry-and-loss': 'suite/loss/loss1',
  'scheduled-run': 'suite/nightly/nightly-2026-11-29T18:33:52Z',
};

quietRuntime();
const workflowBundle = { codePath: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)) };
const { History } = proto.temporal.api.history.v1;
const read = async (name: string) =>
  History.decode(gunzipSync(await readFile(path.join(import.meta.dirname, `${name}.history.gz`))));

test('every saved history has its workflow id here', () => {
  const files = globSync('*.history.gz', { cwd: import.meta.dirname });
  expect(files.map((file) => file.replace('.history.gz', '')).sort()).toEqual(Object.keys(SAVED));
});

test.each(Object.entries(SAVED))('today’s workflows replay %s', async (name, workflowId) => {
  const history = await read(name);
  expect(history.events.length).toBeGreaterThan(20);
  await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
});

test('a history that today’s workflows would not write is refused', async () => {
  const history = await read('cancelled-run');
  const scheduled = history.events.find(({ activityTaskScheduledEventAttributes: of }) => of?.activityType?.name === 'runFiles');
  const attributes = scheduled?.activityTaskScheduledEventAttributes;
  if (attributes) attributes.activityId = 'another';
  await expect(Worker.runReplayHistory({ workflowBundle }, history, SAVED['cancelled-run'])).rejects.toThrow(
    DeterminismViolationError,
  );
});
