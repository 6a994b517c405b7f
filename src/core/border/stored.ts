import { strings, testCase } from './attempt.js';
import { suiteReport } from './report.js';
import { repositoryFacts } from './run.js';
import { z } from './schema.js';
import { fileResult, plannedFile } from './suite.js';

/** What is in the object store, by what it is. */
export const OBJECTS = {
  paths: strings,
  repositoryFacts,
  plannedFiles: z.array(plannedFile),
  cases: z.array(testCase),
  /** The case names of each part of a file but the last. */
  namedCases: z.array(z.array(strings)),
  report: suiteReport,
} as const;

/** A file of a run in the results store, put together from its rows. */
export const STORED_FILE = fileResult;
