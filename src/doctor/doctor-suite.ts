import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createOwnNetwork } from '../adapters/process/own-network.js';
import type { ProjectSettings, SuiteSettings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import { type Environment, testEnvironment } from '../core/model/environment.js';
import { frameworkOf, listTestFiles } from '../frameworks/index.js';
import { plural } from '../render/wording.js';
import { type Finding, ok, problemOf } from './doctor-finding.js';

/** Checks a suite's framework: its version, and the number of test files that the suite selects. */
export async function examineSuite(
  { name, framework: spec, source, selection, passWithNoTests }: SuiteSettings,
  { projectRoot }: ProjectSettings,
  env: Environment,
): Promise<Finding> {
  const check = `suite ${name}`;
  // Do not print the remote: it may contain a password.
  if (source.kind === 'git')
    return ok(check, `${spec.name}, from a git remote: the code is on its workers, so nothing was checked here`);
  try {
    const cwd = path.resolve(projectRoot, spec.cwd);
    if (!(await stat(cwd).catch(() => null))?.isDirectory())
      throw new RunnerError('CONFIG_INVALID', `suites.${name}.cwd must be a folder, and ${cwd} is not one.`);
    const folder = { cwd, spec, env: testEnvironment(env, spec.env) };
    const framework = frameworkOf(spec.name);
    const missing = await framework.missing(folder);
    if (missing !== null) throw new RunnerError('FRAMEWORK_MISSING', missing);
    if (spec.network === 'own') await createOwnNetwork()();
    const [version, files] = [await framework.version(folder), await listTestFiles(folder, selection)];
    if (files.length === 0 && !passWithNoTests) throw new RunnerError('SUITE_EMPTY', `It has no test files in ${cwd}.`);
    const network = spec.network === 'own' ? ', each process with a network of its own' : '';
    return ok(check, `${[spec.name, version].filter(Boolean).join(' ')}, ${plural(files.length, 'test file')}${network}`);
  } catch (error) {
    const isListing = error instanceof RunnerError && error.code === 'LISTING_FAILED';
    return problemOf(check, error, isListing ? 'Run that command by hand to see the rest.' : undefined);
  }
}
