import path from 'node:path';
import { DEFAULTS } from '../core/defaults.js';
import { RunnerError } from '../core/errors.js';
import { FRAMEWORKS, type FrameworkName, factsOf, type OwnSettings } from '../core/model/frameworks.js';
import type { Capacities } from '../core/model/permits.js';
import type { FrameworkSpec } from '../core/model/suite.js';
import type { HistoryDeadlines } from '../core/plan/deadlines.js';
import type { OrderBy } from '../core/plan/order.js';
import { parseRetryLimit } from '../core/schedule/retry.js';
import type { Said } from './flags.js';
import { type DetectFramework, oneFramework } from './one-framework.js';
import { type Resolved, type ResolvedOptions, resolveOptions } from './resolve-options.js';
import { type SuiteConfig, suiteSchema, type WARM } from './schema.js';
import type { ShownSetting, SuiteSettings } from './settings.js';
import { MASK, shownOptions } from './shown.js';
import { SUITE_OPTIONS } from './suite-options.js';

type Project = {
  readonly said: Said;
  readonly place: string | null;
  readonly projectRoot: string;
  readonly detectFramework: DetectFramework;
  /** Capacities of named resources. */
  readonly resources: Capacities;
  /** Of a random order; null for one of its own in each run. */
  readonly seed: number | null;
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
    framework: specOf(framework.value, file, { args: said.flags.args, warm: options.warm.value }),
    source: file.source ?? { kind: 'checkout' },
    selection: { include: options.include.value, exclude: options.exclude.value, only: said.flags.paths },
    budget: { maxAttempts: options.retries.value + 1, maxLosses: options.maxLosses.value },
    deadlineMs:
      options.deadlineMs.origin === 'default'
        ? (file.deadlines?.unknownMs ?? options.deadlineMs.value)
        : options.deadlineMs.value,
    historyDeadlines: historyDeadlinesOf(file, options.deadlineMs),
    killGraceMs: options.killGraceMs.value,
    runDeadlineMs: options.runDeadlineMs.value,
    rules: file.rules ?? [],
    resources: project.resources,
    order: orderOf(options.order.value, project.seed),
    retry: {
      when: options.retryWhen.value,
      maxTotal: options.maxRetriesTotal.value === null ? null : parseRetryLimit(String(options.maxRetriesTotal.value)),
      delayMs: options.retryDelayMs.value,
      backoff: file.retryBackoff ?? DEFAULTS.retryBackoff,
      only: file.retryOn ?? [],
      except: file.retryNotOn ?? [],
      infrastructure: file.infraErrors ?? [],
    },
    repeatNew: options.repeatNew.value,
    speculation: options.speculation.value,
    heartbeatTimeoutMs: options.heartbeatTimeoutMs.value,
    maxInFlight: options.maxInFlight.value,
    maxFailures: options.maxFailures.value,
    repeatEach: options.repeatEach.value,
    passWithNoTests: options.passWithNoTests.value,
    failOnFlaky: options.failOnFlaky.value,
  };
  checkOwnSettings(suite, file);
  checkResources(suite, place);
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
  const owner = FRAMEWORKS.find((one) => hasRequired(one, file));
  if (owner !== undefined) return { value: owner, origin: 'default', detail: `it has a ${factsOf(owner).own?.required}` };
  if (file.source?.kind === 'git') {
    throw new RunnerError('FRAMEWORK_UNKNOWN', `suites.${name}.framework must be told: its code is not here to look at.`);
  }
  const folder = path.resolve(projectRoot, file.cwd ?? '.');
  return { value: oneFramework(await detectFramework(folder), folder), origin: 'default', detail: 'detected' };
}

function specOf(
  name: FrameworkName,
  file: SuiteConfig,
  { args, warm }: { readonly args: readonly string[]; readonly warm: (typeof WARM)[number] },
): FrameworkSpec {
  return {
    name,
    ...ownSettingsOf(name, file),
    args: [...(file.args ?? []), ...args],
    cwd: file.cwd ?? '.',
    env: file.env ?? {},
    ...(warm === 'on' && { warm: true }),
    ...(warm === 'auto' && mayBeKept(name, file) && { warm }),
  };
}

function ownSettingsOf(name: FrameworkName, file: SuiteConfig): OwnSettings {
  const { own } = factsOf(name);
  return own === undefined ? {} : Object.fromEntries([own.required, ...own.optional].map((key) => [key, file[key]]));
}

function mayBeKept(name: FrameworkName, file: SuiteConfig): boolean {
  const { own } = factsOf(name);
  return own === undefined || file[own.session] !== undefined;
}

function hasRequired(name: FrameworkName, file: SuiteConfig): boolean {
  const { own } = factsOf(name);
  return own !== undefined && file[own.required] !== undefined;
}

/** Deadlines that somebody told outweigh those that follow from durations. */
function historyDeadlinesOf({ deadlines = {} }: SuiteConfig, told: Resolved<number>): HistoryDeadlines | null {
  const { fromHistory = true, unknownMs: _, ...factors } = deadlines;
  return fromHistory && told.origin === 'default' ? { ...DEFAULTS.historyDeadlines, ...factors } : null;
}

function orderOf(kind: OrderBy['kind'], seed: number | null): OrderBy {
  return kind === 'random' && seed !== null ? { kind, seed } : { kind };
}

/** A file that asks for more than there is would wait for ever. */
function checkResources({ rules = [], resources = {} }: SuiteSettings, place: string): void {
  for (const [index, rule] of rules.entries()) {
    for (const [name, amount] of Object.entries(rule.resources ?? {})) {
      const where = `${place}rules[${index}].resources.${name}`;
      const there = resources[name];
      if (there === undefined)
        throw new RunnerError(
          'CONFIG_INVALID',
          `${where} names a resource that the configuration does not have; add it to resources.`,
        );
      if (amount > there)
        throw new RunnerError('CONFIG_INVALID', `${where} asks for ${amount}, but resources.${name} has ${there}.`);
    }
  }
}

/** What the schema cannot say, because a flag may decide over the framework. Keys of the framework that a flag has replaced are no mistake. */
function checkOwnSettings({ name, framework, selection }: SuiteSettings, file: SuiteConfig): void {
  const problem = (key: string, text: string) => new RunnerError('CONFIG_INVALID', `suites.${name}.${key} ${text}.`);
  for (const owner of FRAMEWORKS.filter((one) => one !== framework.name)) {
    const { own } = factsOf(owner);
    const isReplaced = hasRequired(owner, file) && (file.framework ?? owner) === owner;
    const key = own && !isReplaced && [own.required, ...own.optional].find((one) => file[one] !== undefined);
    if (key) throw problem(key, `is only for the framework ${owner}, and this suite has ${file.framework ?? framework.name}`);
  }
  const { own, listing } = factsOf(framework.name);
  if (own && framework[own.required] === undefined) throw problem(own.required, `must be ${wantedOf(own.required)}, not nothing`);
  if (listing === 'include' && selection.include.length === 0 && selection.only.length === 0)
    throw problem('include', `must be a list of globs: a ${framework.name} has no listing of its own`);
}

const wantedOf = (key: keyof OwnSettings) => suiteSchema.shape[key].unwrap().safeParse(undefined).error?.issues[0]?.message;

/** Parts of a suite that only a file can tell; words after `--` are added to its own. */
function shownRest(
  key: string,
  place: string,
  file: SuiteConfig,
  suite: SuiteSettings,
  { flags }: Said,
): readonly ShownSetting[] {
  const { command, junit, serve, args, cwd, env } = suite.framework;
  const set = Object.fromEntries(Object.keys(env.set ?? {}).map((name) => [name, MASK])); // May hold a key or a password.
  const values: Readonly<Record<string, unknown>> = {
    cwd,
    ...(command && { command }),
    ...(junit && { junit }),
    ...(serve && { serve }),
    args,
    env: env.set === undefined ? env : { ...env, set },
    source: suite.source,
    rules: suite.rules,
    ...(file.deadlines && { deadlines: file.deadlines }),
    retryBackoff: suite.retry?.backoff,
    retryOn: suite.retry?.only,
    retryNotOn: suite.retry?.except,
    infraErrors: suite.retry?.infrastructure,
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
