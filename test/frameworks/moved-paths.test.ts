import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { DEFAULTS } from '../../src/core/defaults.js';
import { movesTo, withMoves } from '../../src/frameworks/coverage/moved-paths.js';
import { packFolder, unpackInto } from '../../src/frameworks/coverage/raw-coverage.js';

const there = { code: '/work/a "b"', programs: '/work/a "b"/node_modules/holdfast/src/frameworks' };
const here = { code: '/home/me/c', programs: '/opt/holdfast/src/frameworks' };

test('a path of another machine becomes one of this machine, as a key, as a value and as a file URL; nothing else does', () => {
  const moved = (value: unknown) => JSON.parse(withMoves(JSON.stringify(value), movesTo(here, there)));
  const code = 'const path = "/work/a \\"b\\"/src/x.js"; // "/work/a \\"b\\""'; // V8 counts its characters.
  expect(
    moved({
      '/work/a "b"/src/x.js': { path: '/work/a "b"/src/x.js', sources: ['/work/a "b"/x.ts', 'x.ts'], code },
      url: 'file:///work/a%20%22b%22/src/x.js',
      root: '/work/a "b"',
      own: ['/work/a "b"/node_modules/holdfast/src/frameworks/jest/run.cjs'],
      other: ['/work/a "b"c/x.js', '/elsewhere/work/a "b"/x.js', ' /work/a "b"/x.js'],
    }),
  ).toEqual({
    '/home/me/c/src/x.js': { path: '/home/me/c/src/x.js', sources: ['/home/me/c/x.ts', 'x.ts'], code },
    url: 'file:///home/me/c/src/x.js',
    root: '/home/me/c',
    own: ['/opt/holdfast/src/frameworks/jest/run.cjs'],
    other: ['/work/a "b"c/x.js', '/elsewhere/work/a "b"/x.js', ' /work/a "b"/x.js'],
  });
  expect(movesTo(here, here)).toEqual([]);
});

async function folderWith(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-raw-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}
const suite = { cwd: '/tmp', spec: { name: 'jest', args: [], cwd: '.', env: {} }, env: {} } as const;

test('a database is left as it is, with what its framework needs to move it', async () => {
  const database = Buffer.from('SQLite format 3\0"/tmp/x"');
  const packed = await packFolder(await folderWith({ data: database, 'a.json': '["/tmp/a"]' }), suite);
  const folder = join(await folderWith({}), 'unpacked');
  await unpackInto(folder, packed ?? Buffer.from(''), here);
  expect((await readdir(folder)).sort()).toEqual(['a.json', 'data', 'data.moves.json']);
  expect(await readFile(join(folder, 'data'))).toEqual(database);
  expect(JSON.parse(await readFile(join(folder, 'data.moves.json'), 'utf8'))).toContainEqual(['/tmp', '/home/me/c']);
  expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('["/home/me/c/a"]');
});

test('coverage that is too large does not travel, and says so where it is merged', async () => {
  const packed = await packFolder(await folderWith({ big: Buffer.alloc(DEFAULTS.rawCoverageBytes + 1) }), suite);
  expect(packed?.length).toBeLessThan(1_000);
  await expect(unpackInto('/nowhere', packed ?? gzipSync(''), here)).rejects.toThrow(
    'an attempt measured 129 MiB of raw coverage, and at most 128 MiB travel',
  );
});
