import path from 'node:path';
import type { ResultsPlace } from '../adapters/results/index.js';
import type { ProjectSettings } from '../config/settings.js';

/** Where the project's results are: in PostgreSQL if configured, or else in a local folder that one process at a time can open. */
export function resultsPlaceOf({ databaseUrl, stateFolder }: ProjectSettings): ResultsPlace {
  return databaseUrl === null
    ? { kind: 'embedded', folder: path.join(stateFolder, 'results') }
    : { kind: 'postgres', url: databaseUrl };
}
