import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultPayloadConverter, type Payload, type SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSigningCodec, type RefusedValue } from '../../src/adapters/temporal/signing-codec.js';
import { makeProjectKey, projectKeyFile, readKeys, type SigningKeys } from '../../src/adapters/temporal/signing-keys.js';
import { refusalOf } from '../../src/core/model/refused.js';

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-keys-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function keysOf(...lines: readonly string[]): Promise<SigningKeys> {
  const file = path.join(await aFolder(), 'keys');
  await writeFile(file, lines.join('\n'));
  return readKeys(file);
}

const Payloads = proto.temporal.api.common.v1;
const OLD = 'an old key of forty characters, xxxxxxxx';
const NEW = 'a new key of forty characters, xxxxxxxxx';
const activity = (activityId: string, workflowId = 'suite/unit/1'): SerializationContext => ({
  type: 'activity',
  namespace: 'default',
  workflowId,
  activityId,
  isLocal: false,
});
const workflow = (workflowId: string): SerializationContext => ({ type: 'workflow', namespace: 'default', workflowId });
const valuesOf = (payloads: readonly Payload[]) => payloads.map((payload) => defaultPayloadConverter.fromPayload(payload));
const payloadsOf = (...values: readonly unknown[]) => values.map((value) => defaultPayloadConverter.toPayload(value));

async function aCodec(...lines: readonly string[]) {
  const refusals: RefusedValue[] = [];
  const codec = createSigningCodec(await keysOf(...lines), (value) => {
    refusals.push(value);
    return 'stand-in';
  });
  return { codec, refusals };
}

describe('values that are signed', () => {
  test('are readable by anybody, and come back as they were', async () => {
    const { codec, refusals } = await aCodec(NEW);
    const signed = await codec.encode(payloadsOf({ verdict: 'passed' }, 'größer', undefined, null), activity('a'));
    expect(valuesOf(signed)).toEqual([{ verdict: 'passed' }, 'größer', undefined, null]);
    expect(await codec.decode(signed, activity('a'))).toEqual(payloadsOf({ verdict: 'passed' }, 'größer', undefined, null));
    expect(refusals).toEqual([]);
  });

  test('may be empty, as protobufjs has them', async () => {
    const { codec, refusals } = await aCodec(NEW);
    const [signed = {}] = await codec.encode(
      [Payloads.Payload.create({ metadata: { encoding: Buffer.from('binary/null') } })],
      workflow('a'),
    );
    const travelled = Payloads.Payload.decode(Payloads.Payload.encode(signed).finish());
    expect(valuesOf(await codec.decode([travelled], workflow('a')))).toEqual([undefined]);
    expect(refusals).toEqual([]);
  });

  test('are believed with any key of the file: an old one verifies, the first signs', async () => {
    const before = await aCodec(OLD);
    const now = await aCodec(`# rotated`, NEW, '', OLD);
    const signedBefore = await before.codec.encode(payloadsOf(1), activity('a'));
    expect(valuesOf(await now.codec.decode(signedBefore, activity('a')))).toEqual([1]);
    const signedNow = await now.codec.encode(payloadsOf(1), activity('a'));
    const [refused] = valuesOf(await before.codec.decode(signedNow, activity('a')));
    expect(refusalOf(refused)).toContain('signed with a key that is not known here');
  });

  test('for a schedule are good for its runs, and for no other', async () => {
    const { codec } = await aCodec(NEW);
    const signed = await codec.encode(payloadsOf('input'), workflow('suite/nightly/nightly'));
    const read = async (id: string) => refusalOf(valuesOf(await codec.decode(signed, workflow(id)))[0]);
    expect(await read('suite/nightly/nightly-2026-11-29T18:33:52Z')).toBeNull();
    expect(await read('suite/nightly/other-2026-11-29T18:33:52Z')).toContain('it was signed for workflow suite/nightly/nightly');
    expect(await read('suite/nightly/nightly-2')).not.toBeNull();
  });
});

describe('values are refused, each with the reason', () => {
  type Forgery = (
    signed: readonly Payload[],
    encode: (values: readonly unknown[]) => Promise<Payload[]>,
  ) => Promise<readonly Payload[]>;
  test.each<[string, Forgery, string]>([
    ['without a signature', async () => payloadsOf('green', 'a'), 'it is not signed'],
    [
      'changed after signing',
      async ([a, b]) => [{ ...a, data: Buffer.from('"green"') }, ...(b ? [b] : [])],
      'its signature is wrong',
    ],
    [
      'read otherwise',
      async ([a, b]) => [{ ...a, metadata: { ...a?.metadata, encoding: Buffer.from('binary/plain') } }, b ?? {}],
      'its signature is wrong',
    ],
    ['in another order', async ([a, b]) => [b ?? {}, a ?? {}], 'its signature is wrong'],
    ['of two calls', async ([a], encode) => [a ?? {}, (await encode(['x', 'y']))[1] ?? {}], 'its signature is wrong'],
    ['without their company', async ([a]) => [a ?? {}], 'its signature is wrong'],
    [
      'with a signature that is none',
      async ([a, b]) => [{ ...a, metadata: { ...a?.metadata, 'holdfast-signature': Buffer.of(1) } }, b ?? {}],
      'its signature is wrong',
    ],
    ['empty', async () => [{}], 'it is not signed'],
  ])('%s', async (_name, forge, why) => {
    const { codec, refusals } = await aCodec(NEW);
    const encode = (values: readonly unknown[]) => codec.encode(payloadsOf(...values), activity('a'));
    const decoded = valuesOf(await codec.decode([...(await forge(await encode(['red', 'a']), encode))], activity('a')));
    expect(refusalOf(decoded[0])).toContain(why);
    expect(refusals[0]).toMatchObject({
      why: expect.stringContaining(why),
      place: expect.stringContaining('activity a of workflow suite/unit/1'),
    });
  });

  test.each<[SerializationContext]>([[activity('b')], [activity('a', 'suite/unit/2')], [workflow('suite/unit/1')]])(
    'for another place: %o',
    async (elsewhere) => {
      const { codec } = await aCodec(NEW);
      const signed = await codec.encode(payloadsOf('green'), activity('a'));
      expect(refusalOf(valuesOf(await codec.decode(signed, elsewhere))[0])).toContain('it was signed for activity a');
    },
  );

  test('a client throws', async () => {
    const codec = createSigningCodec(await keysOf(NEW), () => 'throw');
    await expect(codec.decode(payloadsOf('green'), activity('a'))).rejects.toMatchObject({ code: 'NOT_SIGNED' });
  });
});

describe('keys', () => {
  test('a project has one, which only its user may read, however many processes make it', async () => {
    const folder = await aFolder();
    await Promise.all([makeProjectKey(folder), makeProjectKey(folder), makeProjectKey(folder)]);
    const key = await readFile(projectKeyFile(folder), 'utf8');
    await makeProjectKey(folder);
    expect(await readFile(projectKeyFile(folder), 'utf8')).toBe(key);
    expect((await stat(projectKeyFile(folder))).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['', 'has no key'],
    ['short', 'fewer than 32 characters'],
  ])('a file with %o is refused', async (text, why) => {
    await expect(keysOf(text)).rejects.toThrow(why);
  });
});
