import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectClient } from '../../src/adapters/temporal/connection.js';
import { keepFreePort } from '../../src/adapters/temporal/free-port.js';
import { loadServerSettings } from '../../src/adapters/temporal/server-settings.js';
import { webUrlOf } from '../../src/adapters/temporal/web-ui.js';
import { connectWorker } from '../../src/adapters/temporal/worker-connection.js';

const SECRET = 'a-key-that-nobody-may-see';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('where the server is', () => {
  test('is not configured in an empty environment; then an address can be handed in', () => {
    expect(loadServerSettings({})).toMatchObject({ isConfigured: false, namespace: 'default' });
    expect(loadServerSettings({}, '127.0.0.1:1')).toMatchObject({ isConfigured: false, address: '127.0.0.1:1' });
  });

  test('is what Temporal’s variables say', () => {
    const env = { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'tests', TEMPORAL_API_KEY: SECRET };
    const settings = loadServerSettings(env);
    expect(settings).toMatchObject({ isConfigured: true, address: 'temporal.example:7233', namespace: 'tests' });
    expect(settings.options).toMatchObject({ address: 'temporal.example:7233', apiKey: SECRET });
    expect(settings.options.tls).toBeTruthy(); // A key never travels in the clear.
  });

  test('is what a profile says', async () => {
    const file = path.join(folder, 'temporal.toml');
    await writeFile(file, '[profile.fleet]\naddress = "fleet.example:7233"\nnamespace = "suites"\n');
    const env = { TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'fleet' };
    expect(loadServerSettings(env)).toMatchObject({ isConfigured: true, address: 'fleet.example:7233', namespace: 'suites' });
  });

  test('an unreadable profile is a sentence', async () => {
    const file = path.join(folder, 'broken.toml');
    await writeFile(file, `[profile.default\napi_key = "${SECRET}"\n`);
    const read = () => loadServerSettings({ TEMPORAL_CONFIG_FILE: file });
    expect(read).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(read).not.toThrow(SECRET);
  });
});

describe.concurrent('a server that is not there', () => {
  const env = async () => ({
    TEMPORAL_ADDRESS: `127.0.0.1:${await keepFreePort()}`,
    TEMPORAL_API_KEY: SECRET,
    TEMPORAL_TLS: 'false',
  });

  test.each([
    ['client', connectClient],
    ['worker', connectWorker],
  ])(
    'is named to a %s, within the time for it, and no secret is',
    async (_, connect) => {
      const settings = loadServerSettings(await env());
      const error = await connect(settings).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'SERVER_UNREACHABLE', message: expect.stringContaining(settings.address) });
      expect(String(error)).not.toContain(SECRET);
    },
    20_000,
  );

  test.each([
    ['client', connectClient],
    ['worker', connectWorker],
  ])(
    'or says nothing to a %s is given up',
    async (_, connect) => {
      const silent = createServer(() => undefined);
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const address = silent.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      const error = await connect(loadServerSettings({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` })).catch(
        (reason: unknown) => reason,
      );
      silent.close();
      expect(error).toMatchObject({ code: 'SERVER_UNREACHABLE' });
    },
    30_000,
  );
});

test.each([
  [null, null],
  ['http://127.0.0.1:8233', 'http://127.0.0.1:8233/namespaces/default/workflows/suite%2Funit%2F1%3F'],
  ['https://ui.example/temporal/', 'https://ui.example/temporal/namespaces/default/workflows/suite%2Funit%2F1%3F'],
])('the page of a workflow on %s', (webUi, page) => {
  expect(webUrlOf(webUi, 'default', 'suite/unit/1?')).toBe(page);
});
