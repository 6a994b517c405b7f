import path from 'node:path';
import type { Settings } from '../config/settings.js';
import { type Environment, testEnvironment } from '../core/model/environment.js';
import { frameworkOf } from '../frameworks/index.js';

/** A sentence for each thing that a suite's own configuration asks for and that its run does otherwise, as far as its code is here. */
export async function remarksOf(settings: Settings, env: Environment): Promise<readonly string[]> {
  const { suites, projectRoot } = settings;
  const remarks = suites.map(async ({ name, framework, source }) => {
    if (source.kind !== 'checkout') return [];
    const cwd = path.resolve(projectRoot, framework.cwd);
    const folder = { cwd, spec: framework, env: testEnvironment(env, framework.env) };
    const texts = (await frameworkOf(framework.name).remarks?.(folder)) ?? [];
    return texts.map((text) => `Suite ${name}: ${text}`);
  });
  return (await Promise.all(remarks)).flat();
}
