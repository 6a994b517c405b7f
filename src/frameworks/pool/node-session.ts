import { packageFile } from '../../adapters/package-file.js';
import type { SessionInvocation } from '../framework.js';

/**
 * Starts a session program of Holdfast's own on Node, named below `src/frameworks`; its `takeSettings()` returns these settings.
 */
export function nodeSession(program: string, settings: object, env: SessionInvocation['env'] = {}): SessionInvocation {
  return {
    argv: [process.execPath, packageFile(`src/frameworks/${program}`)],
    env: { ...env, HOLDFAST_SESSION: JSON.stringify(settings) },
  };
}
