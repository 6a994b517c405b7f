import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import { parseIdentity } from '../../core/fleet/identity.js';
import { NOT_SIGNED, refusalAmong } from '../../core/model/refused.js';
import type { ServerSettings } from './server-settings.js';
import { createSigningCodec, type RefusedValue } from './signing-codec.js';

/** Most refusals that a worker remembers, so that it tells of each once. */
const REMEMBERED = 1_000;

/** Options of a worker that believes only what is signed; none without keys. `log` gets a line for each value that it refuses. */
export function refusingUnsigned(
  { keys }: Pick<ServerSettings, 'keys'>,
  log: (line: string) => void,
  client?: Client,
): Pick<WorkerOptions, 'dataConverter' | 'interceptors'> {
  if (keys === undefined) return {};
  const logged = new Set<string>();
  const tell = async (value: RefusedValue) => {
    const line = `Refused, ${value.why}: a value of ${value.place}`;
    if (logged.has(line)) return;
    if (logged.size >= REMEMBERED) logged.clear();
    logged.add(line);
    const sender = client && (await senderOf(client, value).catch(() => null));
    log(`${line}${sender ? `, from ${sender}` : ''}.`);
  };
  const codec = createSigningCodec(keys, (value) => {
    void tell(value);
    return 'stand-in';
  });
  return {
    dataConverter: { payloadCodecs: [codec] },
    interceptors: {
      activity: [
        () => ({
          inbound: {
            execute(input, next) {
              const why = refusalAmong(input.args);
              if (why === null) return next(input);
              throw ApplicationFailure.nonRetryable(`The input is refused: ${why}.`, NOT_SIGNED);
            },
          },
        }),
      ],
    },
  };
}

/**
 * Who sent it, by their own account: the identity in the newest event that has one and that no worker wrote. Null if the newest events have
 * none, or for a query, which leaves no event.
 */
async function senderOf({ connection, options }: Client, { context }: RefusedValue): Promise<string | null> {
  const workflowId = context?.workflowId;
  if (workflowId === undefined) return null;
  const { history } = await connection.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: options.namespace,
    execution: { workflowId },
    maximumPageSize: NEWEST,
  });
  for (const event of history?.events ?? []) {
    const { identity } =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.workflowExecutionSignaledEventAttributes ??
      event.workflowExecutionStartedEventAttributes ??
      {};
    if (identity && parseIdentity(identity) === null) return identity;
  }
  return null;
}

/** Events among which the sender is looked for. */
const NEWEST = 20;
