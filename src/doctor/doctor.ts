import path from 'node:path';
import type { Invocation } from '../config/invocation.js';
import { loadProject, loadSettings } from '../config/load-settings.js';
import type { ProjectSettings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import { detectFramework } from '../frameworks/index.js';
import { openServerIfUp, type ServerConnection } from '../stack/server-connection.js';
import { advice, type Finding, ok, problemOf } from './doctor-finding.js';
import { examineMachine } from './doctor-machine.js';
import { examineServer } from './doctor-server.js';
import { examineStore } from './doctor-store.js';
import { examineSuite } from './doctor-suite.js';

/**
 * Checks everything that a run depends on, and yields each finding as soon as it is made. Starts and changes nothing. If no
 * server is configured and no stack is running, the only network access is to HOLDFAST_DATABASE_URL.
 */
export async function* examine(invocation: Invocation, now: () => number): AsyncGenerator<Finding> {
  let project: ProjectSettings;
  try {
    project = await loadProject(invocation);
  } catch (error) {
    yield problemOf('configuration', error); // The other checks need it.
    return;
  }
  const file = project.configFile === null ? 'no file, so defaults' : path.basename(project.configFile);
  yield ok('configuration', `${file} (project ${project.projectRoot})`);

  const reach = yield* reachServer(project, invocation);
  try {
    if (reach.kind === 'nowhere') yield* examineMachine(project, invocation.env);
    if (reach.kind === 'server') yield* examineServer(reach.server, now);
    yield* examineStore(project, reach);
  } finally {
    if (reach.kind === 'server') await reach.server.leave();
  }
  yield* examineSuites(invocation, project, reach);
}

/** The result of connecting to a server; `nowhere` if none is configured and no stack is running. */
export type Reach =
  | { readonly kind: 'server'; readonly server: ServerConnection }
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'failed' };

async function* reachServer(settings: ProjectSettings, { env }: Invocation): AsyncGenerator<Finding, Reach> {
  try {
    const server = await openServerIfUp({ settings, env });
    return server === null ? { kind: 'nowhere' } : { kind: 'server', server };
  } catch (error) {
    const code = error instanceof RunnerError ? error.code : null;
    const remedy = code === 'SERVER_UNREACHABLE' ? 'Start the server, or correct TEMPORAL_ADDRESS.' : undefined;
    yield problemOf(code === 'NAMESPACE_UNKNOWN' ? 'namespace' : 'server', error, remedy);
    return { kind: 'failed' };
  }
}

async function* examineSuites(invocation: Invocation, project: ProjectSettings, reach: Reach): AsyncGenerator<Finding> {
  try {
    const { suites } = await loadSettings(invocation, {
      detectFramework,
      suites: invocation.flags.values.suite ? 'chosen' : 'all',
    });
    for (const suite of suites) yield await examineSuite(suite, project, invocation.env);
  } catch (error) {
    const isNoProject = error instanceof RunnerError && error.code === 'FRAMEWORK_UNKNOWN' && project.configFile === null;
    if (isNoProject && reach.kind === 'server' && reach.server.stack === null)
      yield advice('suites', 'There are none here.', 'This is fine on a machine that only runs workers.');
    else yield problemOf('suites', error, isNoProject ? 'Run `holdfast init` to write a configuration.' : undefined);
  }
}
