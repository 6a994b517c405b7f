import type { ProjectSettings } from '../config/settings.js';
import type { Environment } from '../core/model/environment.js';

/** The environment with HOLDFAST_TEMPORAL_CLI as an absolute path, so that it is valid in any working directory. */
export function withTemporalCli({ temporalCli }: Pick<ProjectSettings, 'temporalCli'>, env: Environment): Environment {
  return { ...env, HOLDFAST_TEMPORAL_CLI: temporalCli ?? undefined };
}
