import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { objectKey, openFolder, openObjects } from '../../src/adapters/objects/index.js';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-objects-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());

test('what is put comes back, bytes and text alike', async () => {
  const objects = openFolder(root);
  const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
  await objects.put('runs/unit/bytes', bytes);
  await objects.put('runs/unit/text', 'größe\n');
  expect(Uint8Array.from((await objects.get('runs/unit/bytes')) ?? [])).toEqual(bytes);
  expect(text(await objects.get('runs/unit/text'))).toBe('größe\n');
});

test('an empty object is there, a missing one is not', async () => {
  const objects = openFolder(root);
  await objects.put('empty', '');
  expect(text(await objects.get('empty'))).toBe('');
  expect(await objects.get('missing')).toBeNull();
  expect(await objects.get('missing/too')).toBeNull();
  expect(await objects.get('empty/below-a-file')).toBeNull();
});

test('a folder is not an object', async () => {
  const objects = openFolder(root);
  await objects.put('runs/r1', 'x');
  expect(await objects.get('runs')).toBeNull();
});

test('the store may be read before it was ever written to, and is made by the first write', async () => {
  const objects = openFolder(join(root, 'not', 'yet'));
  expect(await objects.get('a')).toBeNull();
  await objects.put('a', 'x');
  expect(text(await objects.get('a'))).toBe('x');
});

test('any text can be part of a key', async () => {
  const objects = openFolder(root);
  const names = ['../../etc/passwd', '.hidden', 'a "b"\n$(c)', '-rf', 'größe', 'a/b', 'a', '', 'x'.repeat(5_000)];
  for (const name of names) await objects.put(objectKey('runs', name, 'log'), name);
  for (const name of names) expect(text(await objects.get(objectKey('runs', name, 'log')))).toBe(name);
});

test.each(['../outside', 'a/../../outside', '/etc/passwd', '', 'a//b', 'a/', '.', 'a/.git', 'a\\..\\b', 'C:x', 'a\0b'])(
  '%j is no key',
  async (key) => {
    const objects = openFolder(join(root, 'store'));
    await expect(objects.put(key, 'x')).rejects.toThrow(RangeError);
    await expect(objects.get(key)).rejects.toThrow(RangeError);
    expect(await readdir(root)).toEqual([]);
  },
);

test('a reader sees one of the writes, never a mixture or a part', async () => {
  const objects = openFolder(root);
  const contents = Array.from({ length: 8 }, (_, n) => String(n).repeat(1_000_000));
  await objects.put('contested', contents[0] ?? '');
  let writing = true;
  const reading = (async () => {
    const seen = new Set<string | null>();
    while (writing) seen.add(text(await objects.get('contested')));
    return seen;
  })();
  await Promise.all(contents.map((content) => objects.put('contested', content)));
  writing = false;
  for (const content of [...(await reading), text(await objects.get('contested'))])
    expect(contents.includes(content ?? '')).toBe(true);
  expect(await readdir(root)).toEqual(['contested']);
});

test('a write that fails leaves nothing behind and throws', async () => {
  const objects = openFolder(root);
  await objects.put('taken/by-a-folder', 'x');
  await expect(objects.put('taken', 'y')).rejects.toThrow();
  expect(await readdir(root)).toEqual(['taken']);
});

test('a store that cannot be written says so', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(openFolder(join(root, 'file')).put('a', 'x')).rejects.toThrow();
});

test('a folder and its file: URL are the same store', async () => {
  await openObjects(root).put('a', 'x');
  expect(text(await openObjects(pathToFileURL(root).href).get('a'))).toBe('x');
});

test.each(['s3://key:secret@bucket/prefix', 'gs://bucket', '', 'file://elsewhere/share'])(
  '%j is refused before anything runs',
  (location) => {
    expect(() => openObjects(location)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.not.stringContaining('secret') }),
    );
  },
);

test('everything below a key can be removed, and nothing beside it', async () => {
  const store = openFolder(root);
  for (const key of ['a/b/one', 'a/b/c/two', 'a/bc']) await store.put(key, key);
  await store.removeBelow('a/b');
  await store.removeBelow('missing');
  const left = await Promise.all(['a/b/one', 'a/b/c/two', 'a/bc'].map(async (key) => text(await store.get(key))));
  expect(left).toEqual([null, null, 'a/bc']);
});

test('what is older than a time is removed, with its folders, and nothing else', async () => {
  const objects = openFolder(root);
  for (const key of ['coverage/unit/old/a/1', 'coverage/unit/mixed/a/1', 'coverage/unit/mixed/b/1', 'coverage/other/old/a/1'])
    await objects.put(key, 'x');
  const then = new Date(Date.now() - 60_000);
  for (const path of ['old/a/1', 'old/a', 'old', 'mixed/a/1', 'mixed/a', 'mixed'])
    await utimes(join(root, 'coverage/unit', path), then, then);
  await objects.removeOlder('coverage/unit', Date.now() - 30_000);
  await objects.removeOlder('coverage/missing', Date.now());
  expect(await readdir(join(root, 'coverage/unit'))).toEqual(['mixed']);
  expect(await readdir(join(root, 'coverage/unit/mixed'))).toEqual(['b']);
  expect(await objects.get('coverage/other/old/a/1')).not.toBeNull();
});
