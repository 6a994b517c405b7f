import { createDiscover } from './discover.js';
import { reportHealth } from './report-health.js';
import { createRunFiles } from './run-files.js';
import type { TestAdapters } from './test-adapters.js';

export type { TestAdapters };

/** The activities of test workers, which run on expendable machines. */
export function createTestActivities(adapters: TestAdapters) {
  return reportHealth({ discover: createDiscover(adapters), runFiles: createRunFiles(adapters) }, adapters);
}

export type TestActivities = ReturnType<typeof createTestActivities>;
