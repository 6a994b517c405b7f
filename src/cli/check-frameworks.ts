import path from 'node:path';
import type { Settings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import { type Environment, testEnvironment } from '../core/model/environment.js';
import { frameworkOf } from '../frameworks/index.js';

/** Checks that each suite whose code is on this machine has its framework installed. Throws FRAMEWORK_MISSING. */
export async function checkFrameworks(settings: Settings, env: Environment): Promise<void> {
  for (const { framework, source } of settings.suites) {
    if (source.kind !== 'checkout') continue;
    const cwd = path.resolve(settings.projectRoot, framework.cwd);
    const missing = await frameworkOf(framework.name).missing({ cwd, spec: framework, env: testEnvironment(env, framework.env) });
    if (missing !== null) throw new RunnerError('FRAMEWORK_MISSING', missing);
  }
}
