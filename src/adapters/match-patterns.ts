import { createContext, Script } from 'node:vm';
import { DEFAULTS } from '../core/defaults.js';

const TEST = new Script('pattern.test(text)');

/**
 * Creates a function that says whether a pattern matches a text. A pattern such as `(a+)+$` can take years, and nothing else happens in
 * this thread meanwhile, so all calls together have a deadline: a pattern that is cut off does not match, and `log` names it.
 */
export function createMatcher(
  text: string,
  { log, withinMs = DEFAULTS.patternsMs }: { readonly log: (line: string) => void; readonly withinMs?: number },
): (pattern: string) => boolean {
  let leftMs = withinMs;
  const globals = { pattern: /./, text };
  const context = createContext(globals);
  return (pattern) => {
    const start = performance.now();
    try {
      globals.pattern = new RegExp(pattern, 'm');
      return TEST.runInContext(context, { timeout: Math.max(1, Math.ceil(leftMs)) }) === true;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      log(`The pattern ${pattern} takes too long on this output, and counts as one that does not match.`);
      return false;
    } finally {
      leftMs -= performance.now() - start;
    }
  };
}

/** It comes from the script's own realm, and so is no `Error` of ours. */
function isTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
