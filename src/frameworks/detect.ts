import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RunnerError } from '../core/errors.js';
import type { DetectedFramework } from '../core/model/detected.js';
import { FRAMEWORKS } from '../core/model/frameworks.js';
import type { ProjectFiles } from './framework.js';
import { frameworkOf } from './registry.js';
import { callsOfScript } from './script/project-calls.js';

const MANIFEST = 'package.json';
const record = z.record(z.string(), z.string()).default({});
const packageJson = z.object({
  dependencies: record,
  devDependencies: record,
  peerDependencies: record,
  optionalDependencies: record,
  scripts: record,
});

/**
 * Returns what a project's own test script calls, or else the frameworks that the project appears to use, in the order of `FRAMEWORKS`.
 * Throws RunnerError CONFIG_UNREADABLE.
 */
export async function detectFramework(cwd: string): Promise<readonly DetectedFramework[]> {
  const project = await readProject(cwd);
  const calls = await callsOfScript(project);
  if (calls.length > 0) return calls;
  const isUsed = await Promise.all(FRAMEWORKS.map((name) => frameworkOf(name).detect(project)));
  return FRAMEWORKS.filter((_, index) => isUsed[index]).map((name) => ({ name, call: null }));
}

async function readProject(cwd: string): Promise<ProjectFiles> {
  const names = await readdir(cwd).catch((cause: unknown) => {
    throw new RunnerError('CONFIG_UNREADABLE', `The folder ${cwd} cannot be read.`, { cause });
  });
  const readText = async (name: string) => (names.includes(name) ? readFile(join(cwd, name), 'utf8') : '');
  const packageJson = names.includes(MANIFEST) ? parseManifest(await readText(MANIFEST), join(cwd, MANIFEST)) : null;
  return { cwd, names: new Set(names), packageJson, readText };
}

function parseManifest(text: string, path: string): NonNullable<ProjectFiles['packageJson']> {
  try {
    const { scripts, ...dependencies } = packageJson.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
    return { dependencies: new Set(Object.values(dependencies).flatMap(Object.keys)), scripts };
  } catch (cause) {
    throw new RunnerError('CONFIG_UNREADABLE', `${path} is not a valid package.json.`, { cause });
  }
}
