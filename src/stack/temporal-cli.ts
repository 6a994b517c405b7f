import type { ProjectSettings } from '../config/settings.js';
import type { Environment } from '../core/model/environment.js';

/** The environment with HOLDFAST_TEMPORAL_CLI as an absolute path: it means the same in whatever folder a process is started. */
export function withTemporalCli({ temporalCli }: Pick<ProjectSettings, 'temporalCli'>, env: Environment): Environment {
  return { ...env, HOLDFAST_TEMPORAL_CLI: temporalCli ?? undefined };
}
