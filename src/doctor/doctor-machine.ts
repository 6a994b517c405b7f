import { type BinarySource, findTemporalBinary } from '../adapters/temporal/binary.js';
import { CLI_VERSION } from '../adapters/temporal/binary-cache.js';
import { readBinaryVersion } from '../adapters/temporal/binary-version.js';
import type { ProjectSettings } from '../config/settings.js';
import { RunnerError } from '../core/errors.js';
import type { Environment } from '../core/model/environment.js';
import { plural } from '../render/wording.js';
import { withTemporalCli } from '../stack/temporal-cli.js';
import { advice, type Finding, ok, problemOf } from './doctor-finding.js';

/** Reports what a run would start on this machine and with which binary, without using the network. */
export async function* examineMachine(settings: ProjectSettings, env: Environment): AsyncGenerator<Finding> {
  const would = `a Temporal server, a control worker and a test worker with ${plural(settings.worker.slots, 'slot')}`;
  yield ok('server', `none is configured and no stack is running; \`holdfast run\` would start one: ${would}`);
  yield await examineBinary('Temporal binary', withTemporalCli(settings, env));
}

async function examineBinary(check: string, env: Environment): Promise<Finding> {
  const noSource: readonly BinarySource[] = [];
  const binary = await findTemporalBinary(env, () => undefined, noSource).catch((error: unknown) => error);
  if (typeof binary === 'string') {
    const version = await readBinaryVersion(binary);
    if (version !== null) return ok(check, `${version} at ${binary}`);
    return problemOf(check, new RunnerError('BINARY_MISSING', `${binary} does not print a version: it is not a Temporal CLI.`));
  }
  if (env.HOLDFAST_TEMPORAL_CLI) return problemOf(check, binary);
  const remedy = 'If there is no network, install the Temporal CLI or name one by HOLDFAST_TEMPORAL_CLI.';
  return advice(check, `not installed; \`holdfast run\` would fetch ${CLI_VERSION}, once for this user.`, remedy);
}
