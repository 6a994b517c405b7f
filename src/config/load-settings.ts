import path from 'node:path';
import { RunnerError } from '../core/errors.js';
import type { Environment } from '../core/model/environment.js';
import { queuesOf } from '../core/model/suite.js';
import { buildSuite } from './build-suite.js';
import { chooseSuites } from './choose-suites.js';
import { ciIdentity } from './ci.js';
import { findConfig } from './find-config.js';
import { freeze } from './freeze.js';
import type { Invocation } from './invocation.js';
import type { DetectFramework } from './one-framework.js';
import { readConfig } from './read-config.js';
import { RENAMED_VARIABLES } from './renamed.js';
import { type ResolvedOptions, resolveOptions } from './resolve-options.js';
import { RUN_OPTIONS } from './run-options.js';
import type { HoldfastConfig } from './schema.js';
import type { ProjectSettings, Settings } from './settings.js';
import { shownOptions } from './shown.js';
import { WORKER_OPTIONS } from './worker-options.js';

/** Loads the settings for commands that need no suites, such as `worker`. Throws USAGE, CONFIG_INVALID or CONFIG_UNREADABLE. */
export async function loadProject(invocation: Invocation): Promise<ProjectSettings> {
  return freeze((await load(invocation)).project);
}

/**
 * Loads the settings for `run`. `suites: 'all'` includes suites that are manual or not named, for `holdfast config`.
 * Throws like `loadProject`, and SUITE_UNKNOWN, or FRAMEWORK_UNKNOWN if a suite's framework is neither configured nor detected.
 */
export async function loadSettings(
  invocation: Invocation,
  { detectFramework, suites = 'chosen' }: { readonly detectFramework: DetectFramework; readonly suites?: 'chosen' | 'all' },
): Promise<Settings> {
  const { project, config, options, place } = await load(invocation);
  const wanted = suites === 'all' ? Object.keys(config.suites ?? {}) : options.suite.value;
  const chosen = await chooseSuites(config, wanted, { invocation, projectRoot: project.projectRoot, detectFramework });
  const built = await Promise.all(
    chosen.map(({ name, config: file, call }) =>
      buildSuite(name, file, {
        invocation,
        place: call === null ? place : `package.json ${call.place}, as `,
        projectRoot: project.projectRoot,
        detectFramework,
        resources: config.resources ?? {},
        seed: options.seed.value,
      }),
    ),
  );
  return freeze({
    ...project,
    suites: built.map(({ suite }) => suite),
    origins: [...project.origins, ...built.flatMap(({ origins }) => origins)],
    calls: chosen.flatMap(({ name, call }) => (call === null ? [] : [{ suite: name, call }])),
    filesFrom: options.filesFrom.value,
    runId: options.runId.value,
    ci: ciIdentity(invocation.env),
    reporters: options.reporter.value,
    detach: options.detach.value,
    dryRun: options.dryRun.value,
    withWorkers: options.withWorkers.value,
  });
}

type Loaded = {
  readonly project: ProjectSettings;
  readonly config: HoldfastConfig;
  readonly options: ResolvedOptions<typeof RUN_OPTIONS>;
  /** File name and a space, as the prefix of a value's origin; null without a file. */
  readonly place: string | null;
};

async function load({ flags, env, cwd }: Invocation): Promise<Loaded> {
  // Inside a test that Holdfast runs, HOLDFAST_RUN_ID names the surrounding run: a run started there would attach to it.
  const ownEnv = env.HOLDFAST_ATTEMPT === undefined ? env : { ...env, HOLDFAST_RUN_ID: undefined };
  refuseRenamed(env);
  const { config: named } = resolveOptions(
    { config: RUN_OPTIONS.config },
    { flags: flags.values, env: ownEnv, file: {}, place: null },
  );
  const configFile = named.value === null ? await findConfig(cwd) : path.resolve(cwd, named.value);
  const config = configFile === null ? {} : await readConfig(configFile);
  const place = configFile === null ? null : `${path.basename(configFile)} `;
  const options = resolveOptions(RUN_OPTIONS, { flags: flags.values, env: ownEnv, file: config, place });
  const worker = resolveOptions(WORKER_OPTIONS, { flags: flags.values, env: ownEnv, file: config, place });
  const projectRoot = configFile === null ? cwd : path.dirname(configFile);
  const stateFolder = path.join(projectRoot, '.holdfast');
  const queuePrefix = options.queuePrefix.value;
  const objects = { ...options.objects, value: objectsPlace(options.objects.value, projectRoot, stateFolder) };
  return {
    config,
    options,
    place,
    project: {
      projectRoot,
      configFile,
      stateFolder,
      worker: {
        slots: options.slots.value,
        shutdownGraceMs: worker.shutdownGraceMs.value,
        recycleAfter: worker.recycleAfter.value,
        preemptSignal: worker.preemptSignal.value,
        cloud: worker.preemptionNotices.value,
      },
      queuePrefix,
      queues: queuesOf(queuePrefix),
      databaseUrl: options.databaseUrl.value,
      objects: objects.value,
      webUi: options.webUi.value,
      keyFile: options.keyFile.value === null ? null : path.resolve(cwd, options.keyFile.value),
      idleMs: options.idleMs.value,
      temporalCli: options.temporalCli.value === null ? null : path.resolve(cwd, options.temporalCli.value),
      owner: options.owner.value,
      environment: options.environment.value,
      origins: [...shownOptions('', RUN_OPTIONS, { ...options, objects }), ...shownOptions('', WORKER_OPTIONS, worker)],
    },
  };
}

function refuseRenamed(env: Environment): void {
  const found = Object.entries(RENAMED_VARIABLES).filter(([old]) => env[old]);
  const sentences = found.map(([old, name]) => `${old} is now called ${name}.`);
  if (sentences.length > 0) throw new RunnerError('USAGE', sentences.join('\n'));
}

/** Resolves a folder against the project root. URLs pass unchecked: the object store validates them. */
function objectsPlace(given: string | null, projectRoot: string, stateFolder: string): string {
  if (given === null) return path.join(stateFolder, 'objects');
  return /^[a-z][a-z0-9+.-]+:/i.test(given) ? given : path.resolve(projectRoot, given);
}
