import { createDiscover, type DiscoverInput, type Manifest } from './discover.js';
import type { BeatDetails } from './lease.js';
import { reportHealth } from './report-health.js';
import { createRunFiles, type RunFilesInput } from './run-files.js';
import type { TestAdapters } from './test-adapters.js';

export type { BeatDetails, DiscoverInput, Manifest, RunFilesInput, TestAdapters };

/** The activities of test workers, which run on expendable machines. */
export function createTestActivities(adapters: TestAdapters) {
  return reportHealth({ discover: createDiscover(adapters), runFiles: createRunFiles(adapters) }, adapters);
}

export type TestActivities = ReturnType<typeof createTestActivities>;
