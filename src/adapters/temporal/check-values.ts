import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor, WorkerOptions } from '@temporalio/worker';
import { ACTIVITIES, parse } from '../../core/border/index.js';
import { parseIdentity } from '../../core/fleet/identity.js';
import { MALFORMED, NOT_SIGNED, refusalAmong, refused } from '../../core/model/refused.js';
import { newestEvents } from './executions.js';
import type { ServerSettings } from './server-settings.js';
import { createSigningCodec, type RefusedValue } from './signing-codec.js';
import type { SigningKeys } from './signing-keys.js';

/** Most refusals that a worker remembers, so that it tells of each once. */
const REMEMBERED = 1_000;

/**
 * Options of a worker that takes only values that are of the form that they have here and, with keys, signed. `log` gets a line for each
 * value that it refuses.
 */
export function checkingValues(
  { keys }: Pick<ServerSettings, 'keys'>,
  log: (line: string) => void,
  client?: Client,
): Pick<WorkerOptions, 'dataConverter' | 'interceptors'> {
  const interceptors = { activity: [() => ({ inbound: { execute: checkInput(log) } })] };
  return { interceptors, dataConverter: { payloadCodecs: keys ? [signing(keys, log, client)] : [readable] } };
}

function signing(keys: SigningKeys, log: (line: string) => void, client: Client | undefined): PayloadCodec {
  const logged = new Set<string>();
  const tell = async (value: RefusedValue) => {
    const line = `Refused, ${value.why}: a value of ${value.place}`;
    if (logged.has(line)) return;
    if (logged.size >= REMEMBERED) logged.clear();
    logged.add(line);
    const sender = client && (await senderOf(client, value).catch(() => null));
    log(`${line}${sender ? `, from ${sender}` : ''}.`);
  };
  return createSigningCodec(keys, (value) => {
    void tell(value);
    return 'stand-in';
  });
}

/** What a stranger wrote may be no JSON: to throw while a worker decodes would stop the workflow. What is signed is readable. */
const readable: PayloadCodec = {
  encode: async (payloads) => payloads,
  decode: async (payloads) => payloads.map((payload) => (isReadable(payload) ? payload : UNREADABLE)),
};

const UNREADABLE = defaultPayloadConverter.toPayload(refused('it cannot be read'));

function isReadable(payload: Payload): boolean {
  try {
    defaultPayloadConverter.fromPayload(payload);
    return true;
  } catch {
    return false;
  }
}

type Execute = NonNullable<ActivityInboundCallsInterceptor['execute']>;

/** Parses the input of an activity. */
function checkInput(log: (line: string) => void): Execute {
  return (input, next) => {
    const why = refusalAmong(input.args);
    if (why !== null) throw ApplicationFailure.nonRetryable(`The input is refused: ${why}.`, NOT_SIGNED);
    const { activityType } = Context.current().info;
    const parsed = isOurs(activityType)
      ? parse<unknown[]>(ACTIVITIES[activityType].input, input.args)
      : { kind: 'good' as const, value: input.args };
    if (parsed.kind === 'good') return next({ ...input, args: parsed.value });
    const sentence = `The input of activity ${activityType} is malformed: ${parsed.why}.`;
    log(sentence);
    throw ApplicationFailure.nonRetryable(sentence, MALFORMED);
  };
}

function isOurs(activityType: string): activityType is keyof typeof ACTIVITIES {
  return Object.hasOwn(ACTIVITIES, activityType);
}

/**
 * Who sent it, by their own account: the identity in the newest event that has one and that no worker wrote. Null if the newest events have
 * none, or for a query, which leaves no event.
 */
async function senderOf({ connection, options }: Client, { context }: RefusedValue): Promise<string | null> {
  const workflowId = context?.workflowId;
  if (workflowId === undefined) return null;
  const { namespace } = options;
  for (const event of await newestEvents(connection, { namespace, execution: { workflowId }, maximumPageSize: NEWEST })) {
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
