import { isGrpcServiceError } from '@temporalio/client';
import { hasWorkflowWorker, observeFleet } from '../adapters/temporal/fleet.js';
import { checkProfile } from '../adapters/temporal/profile-check.js';
import { SERVER_PROFILE } from '../adapters/temporal/server-profile.js';
import { DEFAULTS } from '../core/defaults.js';
import { sickOf } from '../core/fleet/fleet.js';
import { SEARCH_ATTRIBUTES } from '../core/model/search-attributes.js';
import { formatDuration, plural } from '../render/wording.js';
import type { ServerConnection } from '../stack/server-connection.js';
import { advice, type Finding, ok, problem } from './doctor-finding.js';

type Check = (check: string, server: ServerConnection, now: () => number) => Promise<Finding>;

/** Checks a server: its version and settings, and the workers on its queues. A request that it refuses is a finding too. */
export async function* examineServer(server: ServerConnection, now: () => number): AsyncGenerator<Finding> {
  for (const [check, examine] of Object.entries(CHECKS)) {
    yield await examine(check, server, now).catch((error: unknown) => {
      if (!isGrpcServiceError(error)) throw error;
      return advice(
        check,
        `the server refuses to answer: ${error.details || error.message}.`,
        'Ask its administrator for permission.',
      );
    });
  }
}

const CHECKS: Readonly<Record<string, Check>> = {
  async server(check, { connection, address, isEmbedded }) {
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    return ok(check, `Temporal ${serverVersion} at ${address}${isEmbedded ? ', the stack of this project' : ''}`);
  },

  async namespace(check, { namespace }) {
    return ok(check, namespace); // Verified on connecting.
  },

  async 'search attributes'(check, { isRegistered }) {
    if (await isRegistered()) return ok(check, 'registered');
    const flags = Object.values(SEARCH_ATTRIBUTES).map((name) => `--name ${name} --type Keyword`);
    const remedy = `A control worker adds them if it may; otherwise run \`temporal operator search-attribute create ${flags.join(' ')}\`.`;
    return advice(check, 'not all are registered, so runs go without them.', remedy);
  },

  async 'server profile'(check, { connection, namespace, queues, isEmbedded }) {
    const { missing, unseen } = await checkProfile(connection, namespace, queues.tests);
    const isComplete = isEmbedded && missing.length === 0;
    if (isComplete) return ok(check, `all ${plural(Object.keys(SERVER_PROFILE).length, 'setting')} in place`);
    const observed = missing.length === 0 ? 'all observable settings are in place' : `${missing.join(', ')} differ`;
    const settings = [...missing, ...unseen].map((key) => `${key}=${JSON.stringify(SERVER_PROFILE[key])}`);
    return advice(
      check,
      `${observed}; without the profile everything works, only slower.`,
      `On your own server, make sure that its dynamic configuration sets ${settings.join(', ')}.`,
    );
  },

  async 'control workers'(check, { connection, namespace, queues }) {
    if (await hasWorkflowWorker(connection, namespace, queues.control)) return ok(check, `poll ${queues.control}`);
    return problem(check, `none polls ${queues.control}.`, 'Start one with `holdfast control`.');
  },

  async 'test workers'(check, { connection, namespace, queues }, now) {
    const workers = await observeFleet(connection, namespace, queues.tests);
    const [sick] = sickOf(workers, now());
    if (sick !== undefined && workers.every((worker) => worker.sick !== null))
      return problem(
        check,
        `none takes work: ${sick.worker} says: ${sick.reason}.`,
        'Repair that machine, or start a worker elsewhere.',
      );
    if (workers.length === 0) return problem(check, `none polls ${queues.tests}.`, 'Start one with `holdfast worker`.');
    const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
    const silentMs = Math.max(0, now() - Math.max(...workers.map(({ lastSeenMs }) => lastSeenMs)));
    const seen = `${plural(workers.length, 'worker')} with ${plural(slots, 'slot')} polled ${queues.tests}`;
    if (silentMs < DEFAULTS.pollerSilenceMs) return ok(check, seen);
    const says = `${seen}, none for ${formatDuration(silentMs)}: busy with long files, or gone.`;
    return advice(check, says, '`holdfast workers` lists them; start another with `holdfast worker`.');
  },
};
