import path from 'node:path';
import { RunnerError } from '../core/errors.js';
import type { FrameworkName, FrameworkSpec } from '../core/suite.js';
import type { Said } from './flags.js';
import { type DetectFramework, oneFramework } from './one-framework.js';
import { type Resolved, type ResolvedOptions, resolveOptions } from './resolve-options.js';
import type { SuiteConfig } from './schema.js';
import type { ShownSetting, SuiteSettings } from './settings.js';
import { MASK, shownOptions } from './shown.js';
import { SUITE_OPTIONS } from './suite-options.js';

type Project = {
  readonly said: Said;
  readonly place: string | null;
  readonly projectRoot: string;
  readonly detectFramework: DetectFramework;
};

/** Everything in force for one suite, and where it came from. Throws USAGE, CONFIG_INVALID and FRAMEWORK_UNKNOWN. */
export async function buildSuite(
  name: string,
  file: SuiteConfig,
  project: Project,
): Promise<{ readonly suite: SuiteSettings; readonly origins: readonly ShownSetting[] }> {
  const { said } = project;
  const key = `suites.${name}.`;
  const place = (project.place ?? '') + key;
  const options = resolveOptions(SUITE_OPTIONS, { flags: said.flags.values, env: said.env, file, place });
  const framework = await frameworkOf(name, file, options.framework, project);
  const suite: SuiteSettings = {
    name,
    manual: file.manual ?? false,
    framework: specOf(framework.value, file, said.flags.args),
    source: file.source ?? { kind: 'checkout' },
    selection: { include: options.include.value, exclude: options.exclude.value, only: said.flags.paths },
    budget: { maxAttempts: options.retries.value + 1, maxLosses: options.maxLosses.value },
    deadlineMs: options.deadlineMs.value,
    killGraceMs: options.killGraceMs.value,
    runDeadlineMs: options.runDeadlineMs.value,
    rules: file.rules ?? [],
    heartbeatTimeoutMs: options.heartbeatTimeoutMs.value,
    maxInFlight: options.maxInFlight.value,
    maxFailures: options.maxFailures.value,
    repeatEach: options.repeatEach.value,
    passWithNoTests: options.passWithNoTests.value,
    failOnFlaky: options.failOnFlaky.value,
  };
  checkCommand(suite, file);
  return {
    suite,
    origins: [...shownOptions(key, SUITE_OPTIONS, { ...options, framework }), ...shownRest(key, place, file, suite, said)],
  };
}

async function frameworkOf(
  name: string,
  file: SuiteConfig,
  told: ResolvedOptions<typeof SUITE_OPTIONS>['framework'],
  { projectRoot, detectFramework }: Project,
): Promise<Resolved<FrameworkName>> {
  if (told.value !== null) return { ...told, value: told.value };
  if (file.command !== undefined) return { value: 'command', origin: 'default', detail: 'it has a command' };
  if (file.source?.kind === 'git') {
    throw new RunnerError('FRAMEWORK_UNKNOWN', `suites.${name}.framework must be told: its code is not here to look at.`);
  }
  const folder = path.resolve(projectRoot, file.cwd ?? '.');
  return { value: oneFramework(await detectFramework(folder), folder), origin: 'default', detail: 'detected' };
}

function specOf(name: FrameworkName, file: SuiteConfig, args: readonly string[]): FrameworkSpec {
  return {
    name,
    ...(name === 'command' && { command: file.command, junit: file.junit }),
    args: [...(file.args ?? []), ...args],
    cwd: file.cwd ?? '.',
    env: file.env ?? {},
  };
}

/** What the schema cannot say, because a flag may decide over the framework. */
function checkCommand({ name, framework, selection }: SuiteSettings, file: SuiteConfig): void {
  const problem = (key: string, text: string) => new RunnerError('CONFIG_INVALID', `suites.${name}.${key} ${text}.`);
  if (framework.name !== 'command') {
    if (file.junit !== undefined && file.command === undefined) throw problem('junit', 'is only for the framework command');
    if (file.command !== undefined && file.framework !== undefined && file.framework !== 'command')
      throw problem('command', `is only for the framework command, and this suite has ${file.framework}`);
    return;
  }
  if (framework.command === undefined) throw problem('command', 'must be a list of words, such as ["sh", "{file}"], not nothing');
  if (selection.include.length === 0 && selection.only.length === 0)
    throw problem('include', 'must be a list of globs: a command has no listing of its own');
}

/** Parts of a suite that only a file can tell; words after `--` are added to its own. */
function shownRest(
  key: string,
  place: string,
  file: SuiteConfig,
  suite: SuiteSettings,
  { flags }: Said,
): readonly ShownSetting[] {
  const { command, junit, args, cwd, env } = suite.framework;
  const set = Object.fromEntries(Object.keys(env.set ?? {}).map((name) => [name, MASK])); // May hold a key or a password.
  const values: Readonly<Partial<Record<keyof SuiteConfig, unknown>>> = {
    cwd,
    ...(command && { command }),
    ...(junit && { junit }),
    args,
    env: env.set === undefined ? env : { ...env, set },
    source: suite.source,
    rules: suite.rules,
    manual: suite.manual,
  };
  const given = new Set(Object.keys(file));
  return Object.entries(values).map(([name, value]): ShownSetting => {
    if (name === 'args' && flags.args.length > 0) return { key: `${key}args`, value, origin: 'flag', detail: 'words after --' };
    return given.has(name)
      ? { key: key + name, value, origin: 'file', detail: place + name }
      : { key: key + name, value, origin: 'default', detail: '' };
  });
}
