import type { ProjectSettings } from '../config/settings.js';
import type { Environment } from '../core/model/environment.js';

/** The environment with HOLDFAST_TEMPORAL_CLI and HOLDFAST_KEY_FILE as absolute paths, so that they are valid in any working directory. */
export function withTemporalCli(
  { temporalCli, keyFile }: Pick<ProjectSettings, 'temporalCli' | 'keyFile'>,
  env: Environment,
): Environment {
  return { ...env, HOLDFAST_TEMPORAL_CLI: temporalCli ?? undefined, HOLDFAST_KEY_FILE: keyFile ?? undefined };
}
