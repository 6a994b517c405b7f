import path from 'node:path';
import type { Settings } from '../config/settings.js';
import { type Environment, testEnvironment } from '../core/model/environment.js';
import { COVERAGE_IS_OFF } from '../frameworks/config-text.js';
import { frameworkOf } from '../frameworks/index.js';
import { isMergedHere } from './coverage.js';

/** A sentence for each thing that a suite's own configuration asks for and that its run does otherwise, as far as its code is here. */
export async function remarksOf(settings: Settings, env: Environment): Promise<readonly string[]> {
  const { suites, projectRoot } = settings;
  const remarks = suites.map(async (suite) => {
    const { name, framework, source } = suite;
    if (source.kind !== 'checkout') return [];
    const cwd = path.resolve(projectRoot, framework.cwd);
    const folder = { cwd, spec: framework, env: testEnvironment(env, framework.env) };
    const { remarks, coverage } = frameworkOf(framework.name);
    const isSilent = framework.coverage === 'off' || (coverage !== undefined && isMergedHere({ env }, settings, suite));
    const texts = (await remarks?.(folder)) ?? [];
    return texts.filter((text) => text !== COVERAGE_IS_OFF || !isSilent).map((text) => `Suite ${name}: ${text}`);
  });
  return (await Promise.all(remarks)).flat();
}
