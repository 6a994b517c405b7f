import { packageFile } from '../../adapters/package-file.js';
import type { SessionInvocation } from '../framework.js';

/** How to start a session program of Holdfast on Node. `program` is relative to `src/frameworks` and gets `settings` by `takeSettings()`. */
export function nodeSession(program: string, settings: object, env: SessionInvocation['env'] = {}): SessionInvocation {
  return {
    argv: [process.execPath, packageFile(`src/frameworks/${program}`)],
    env: { ...env, HOLDFAST_SESSION: JSON.stringify(settings) },
  };
}
