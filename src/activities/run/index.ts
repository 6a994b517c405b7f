import type { RunTestFileInput } from './attempt-file.js';
import { createDiscover, type DiscoverInput, type Manifest } from './discover.js';
import type { BeatDetails } from './lease.js';
import { reportHealth } from './report-health.js';
import { createRunChunk, type RunChunkInput } from './run-chunk.js';
import { createRunTestFile } from './run-test-file.js';
import type { TestAdapters } from './test-adapters.js';

export type { BeatDetails, DiscoverInput, Manifest, RunChunkInput, RunTestFileInput, TestAdapters };

/** What a worker on an expendable machine can do. */
export function createTestActivities(adapters: TestAdapters) {
  const work = {
    discover: createDiscover(adapters),
    runTestFile: createRunTestFile(adapters),
    runChunk: createRunChunk(adapters),
  };
  return reportHealth(work, adapters);
}

export type TestActivities = ReturnType<typeof createTestActivities>;
