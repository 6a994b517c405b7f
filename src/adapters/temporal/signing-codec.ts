import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { defaultPayloadConverter, type Payload, type PayloadCodec, type SerializationContext } from '@temporalio/common';
import { RunnerError } from '../../core/errors.js';
import { NOT_SIGNED, refused } from '../../core/model/refused.js';
import type { SigningKeys } from './signing-keys.js';

/** A value that is not good where it is, and why. */
export type RefusedValue = { readonly why: string; readonly place: string; readonly context: SerializationContext | undefined };

/** What is done with it: a worker passes a stand-in on, because to throw would stop the workflow; a client throws. */
export type OnRefused = (value: RefusedValue) => 'stand-in' | 'throw';

const KEY = 'holdfast-key';
const PLACE = 'holdfast-place';
const SIGNATURE = 'holdfast-signature';

/**
 * Signs all values that travel through Temporal, and leaves them readable: the signature is metadata. It covers the value, the values it
 * travels with and its place in them, and whose it is: the workflow, or the activity of a workflow. So no value is good anywhere else.
 */
export function createSigningCodec(keys: SigningKeys, onRefused: OnRefused): PayloadCodec {
  const check = (payload: Payload, position: Position, context: SerializationContext | undefined): Payload => {
    const metadata = payload.metadata ?? {};
    const signedPlace = textOf(metadata[PLACE]);
    const why = reasonToRefuse(keys, payload, position, signedPlace, context && placeOf(context));
    if (why === null) return { ...payload, metadata: withoutSignature(metadata) };
    const place = context ? placeOf(context) : (signedPlace ?? 'an unknown place');
    if (onRefused({ why, place, context }) === 'throw')
      throw new RunnerError(NOT_SIGNED, `A value of ${place} is refused: ${why}.`);
    return defaultPayloadConverter.toPayload(refused(`${why} (${place})`));
  };
  return {
    encode: async (payloads, context) => {
      const place = context ? placeOf(context) : '';
      const [key] = keys;
      const digests = payloads.map(digestOf);
      return payloads.map((payload, index) => ({
        ...payload,
        metadata: {
          ...payload.metadata,
          [KEY]: Buffer.from(key.id),
          [PLACE]: Buffer.from(place),
          [SIGNATURE]: sign(key.secret, place, { digests, index }),
        },
      }));
    },
    decode: async (payloads, context) => {
      const digests = payloads.map(digestOf);
      return payloads.map((payload, index) => check(payload, { digests, index }, context));
    },
  };
}

/** A value among those it travels with, such as the arguments of a call. */
type Position = { readonly digests: readonly Buffer[]; readonly index: number };

function reasonToRefuse(
  keys: SigningKeys,
  { metadata }: Payload,
  position: Position,
  signedPlace: string | undefined,
  place: string | undefined,
): string | null {
  const signature = metadata?.[SIGNATURE];
  const keyId = textOf(metadata?.[KEY]);
  if (!signature || keyId === undefined || signedPlace === undefined) return 'it is not signed';
  const key = keys.find(({ id }) => id === keyId);
  if (key === undefined) return 'it is signed with a key that is not known here';
  const expected = sign(key.secret, signedPlace, position);
  if (signature.length !== expected.length || !timingSafeEqual(bytesOf(signature), expected)) return 'its signature is wrong';
  if (place !== undefined && place !== signedPlace && !isScheduledFrom(place, signedPlace))
    return `it was signed for ${signedPlace}`;
  return null;
}

function sign(secret: Buffer, place: string, { digests, index }: Position): Buffer {
  const hmac = createHmac('sha256', secret).update(JSON.stringify(['holdfast 1', place, index, digests.length]));
  for (const digest of digests) hmac.update(digest);
  return hmac.digest();
}

/** Covers the encoding, too: it decides what the bytes mean. */
function digestOf({ metadata, data }: Payload): Buffer {
  const encoding = bytesOf(metadata?.encoding);
  return createHash('sha256').update(`${encoding.length} `).update(encoding).update(bytesOf(data)).digest();
}

function placeOf(context: SerializationContext): string {
  return context.type === 'workflow'
    ? `workflow ${context.workflowId} in ${context.namespace}`
    : `activity ${context.activityId} of workflow ${context.workflowId} in ${context.namespace}`;
}

/** A schedule's runs get what was signed for the schedule: Temporal appends the time to the workflow's id. */
function isScheduledFrom(place: string, signedPlace: string): boolean {
  const run = /^workflow (.*)-\d{4}-\d\d-\d\dT[\d:.]+Z in (.*)$/s.exec(place);
  return run !== null && signedPlace === `workflow ${run[1]} in ${run[2]}`;
}

function withoutSignature(metadata: NonNullable<Payload['metadata']>): NonNullable<Payload['metadata']> {
  const { [KEY]: _key, [PLACE]: _place, [SIGNATURE]: _signature, ...rest } = metadata;
  return rest;
}

/** protobufjs has an empty array where there are no bytes. */
const bytesOf = (bytes: Uint8Array | null | undefined) => (bytes instanceof Uint8Array ? bytes : Uint8Array.from(bytes ?? []));

const textOf = (bytes: Uint8Array | null | undefined) => (bytes ? Buffer.from(bytes).toString() : undefined);
