import { type FrameworkName, factsOf, type OwnSettings } from '../core/model/frameworks.js';
import type { Capacities } from '../core/model/permits.js';
import type { FrameworkSpec } from '../core/model/suite.js';
import type { OrderBy } from '../core/plan/order.js';
import { parseRetryLimit } from '../core/schedule/retry.js';
import { checkSuite } from './check-suite.js';
import type { Invocation } from './invocation.js';
import type { DetectFramework } from './one-framework.js';
import { resolveOptions, type ValuesOf, valuesOf } from './resolve-options.js';
import type { SuiteConfig } from './schema.js';
import type { ShownSetting, SuiteSettings } from './settings.js';
import { shownOptions } from './shown.js';
import { frameworkOf } from './suite-framework.js';
import { SUITE_OPTIONS } from './suite-options.js';

export type Project = {
  readonly invocation: Invocation;
  readonly place: string | null;
  readonly projectRoot: string;
  readonly detectFramework: DetectFramework;
  /** Capacities of named resources. */
  readonly resources: Capacities;
  /** Seed of a random order; null for a new one in each run. */
  readonly seed: number | null;
};

/** Resolves all settings of one suite and their origins. Throws USAGE, CONFIG_INVALID or FRAMEWORK_UNKNOWN. */
export async function buildSuite(
  name: string,
  file: SuiteConfig,
  project: Project,
): Promise<{ readonly suite: SuiteSettings; readonly origins: readonly ShownSetting[] }> {
  const { flags, env } = project.invocation;
  const key = `suites.${name}.`;
  const place = (project.place ?? '') + key;
  const resolved = resolveOptions(SUITE_OPTIONS, { flags: flags.values, env, file, place });
  const framework = await frameworkOf(name, resolved, project);
  const values = valuesOf<typeof SUITE_OPTIONS>(resolved);
  const args = [...values.args, ...flags.args];
  const suite = suiteOf(name, framework.value, { ...values, args }, project);
  checkSuite(suite, file, place);
  const shown = {
    ...resolved,
    framework,
    ...(flags.args.length > 0 && { args: { value: args, origin: 'flag', detail: 'words after --' } as const }),
  };
  return { suite, origins: shownOptions(key, SUITE_OPTIONS, shown) };
}

/** Maps option values to the workflow's input. An option with the same name there needs no line here. */
function suiteOf(
  name: string,
  framework: FrameworkName,
  values: ValuesOf<typeof SUITE_OPTIONS>,
  project: Project,
): SuiteSettings {
  const {
    framework: _,
    command,
    list,
    select,
    report,
    serve,
    args,
    cwd,
    env,
    warm,
    isolation,
    network,
    coverage,
    coverageCommand,
    ...ofRun
  } = values;
  const {
    include,
    exclude,
    retries,
    maxLosses,
    order,
    retryWhen,
    maxRetriesTotal,
    retryDelayMs,
    retryOn,
    infraErrors,
    speculation,
    ...rest
  } = ofRun;
  return {
    ...rest,
    name,
    framework: specOf(
      framework,
      { command, list, select, report, serve },
      { args, cwd, env, warm, isolation, network, coverage, coverageCommand },
    ),
    selection: { include, exclude, only: project.invocation.flags.paths },
    budget: { maxAttempts: retries + 1, maxLosses },
    resources: project.resources,
    order: isolation === 'suite' ? { kind: 'path' } : orderOf(order, project.seed),
    speculation: speculation && isolation === 'file', // A second attempt of a file would lack the files before it.
    retry: {
      when: retryWhen,
      maxTotal: maxRetriesTotal === null ? null : parseRetryLimit(String(maxRetriesTotal)),
      delayMs: retryDelayMs,
      only: retryOn,
      infrastructure: infraErrors,
    },
  };
}

type OwnValues = { readonly [K in keyof Required<OwnSettings>]: OwnSettings[K] | null };

function specOf(
  name: FrameworkName,
  ownValues: OwnValues,
  {
    warm,
    isolation,
    network,
    coverage,
    coverageCommand,
    ...rest
  }: Pick<
    ValuesOf<typeof SUITE_OPTIONS>,
    'args' | 'cwd' | 'env' | 'warm' | 'isolation' | 'network' | 'coverage' | 'coverageCommand'
  >,
): FrameworkSpec {
  const { own } = factsOf(name);
  const keys = own === undefined ? [] : [own.required, ...own.optional];
  const mayBeKept = own === undefined || ownValues[own.session] !== null;
  return {
    name,
    ...Object.fromEntries(keys.flatMap((key) => (ownValues[key] === null ? [] : [[key, ownValues[key]]]))),
    ...rest,
    ...(warm === 'on' && { warm: true }),
    ...(warm === 'auto' && mayBeKept && { warm }),
    ...(network === 'own' && { network }),
    ...(isolation === 'suite' && { isolation, warm: true }),
    ...(coverage !== 'auto' && { coverage }),
    ...(coverageCommand !== null && { coverageCommand }),
  };
}

function orderOf(kind: OrderBy['kind'], seed: number | null): OrderBy {
  return kind === 'random' && seed !== null ? { kind, seed } : { kind };
}
