import { describe, expect, onTestFinished, test } from 'vitest';
import { checkReport } from '../support/result.js';
import { until } from '../support/until.js';
import { environmentOf, type Installation, IS_POSSIBLE, startInstallation } from './installation.js';

const PATIENCE_MS = 240_000;
const CONFIG = JSON.stringify({
  suites: { unit: { framework: 'command', command: ['sh', '{file}'], include: ['tests/*.sh'] } },
});

/** An installation with this suite. Gone after the test. */
async function withSuite(scripts: Readonly<Record<string, string>>): Promise<Installation> {
  const files = Object.entries(scripts).map(([name, text]) => [`tests/${name}`, text]);
  const installation = await startInstallation({ 'holdfast.config.json': CONFIG, ...Object.fromEntries(files) });
  onTestFinished(() => installation.stop());
  return installation;
}

describe.skipIf(!IS_POSSIBLE)('docker-compose.yml, command by command', () => {
  test(
    'each service starts as it is written, and a suite comes to its verdict through the update of its worker',
    async () => {
      const gated = 'echo "$HOLDFAST_WORKER" >> diary; until [ -e gate ]; do sleep 0.05; done';
      const { start, call, healthy, ok, read, write } = await withSuite({
        'a.sh': 'true',
        'red.sh': 'exit 1',
        'gated.sh': gated,
      });
      const done = async (service: string) => {
        const { exitCode, all } = await start(service).end;
        expect(exitCode, all).toBe(0);
      };
      for (const _again of [1, 2]) await done('temporal-schema');
      await ok(['temporal-server', 'validate-dynamic-config', environmentOf('temporal').DYNAMIC_CONFIG_FILE_PATH ?? '']);
      start('temporal');
      await healthy('temporal');
      for (const _again of [1, 2]) await done('temporal-namespace');

      const control = start('control');
      const first = start('worker');
      const person = { TEMPORAL_ADDRESS: '127.0.0.1:7233' };
      const run = call(['run', '--reporter', 'ci', '--reporter', 'json=out.json'], person);
      const diary = async () => (await read('diary')).split('\n').filter((line) => line !== '');
      await until('a file runs', async () => (await diary()).length === 1);

      // A rolling update: the new worker is there, then the old one is told to leave.
      const second = start('worker');
      const seen = async () => JSON.parse((await call(['workers', '--json'], person).end).all).workers;
      await until('two workers poll', async () => (await seen()).length === 2);
      const [busy = ''] = await diary();
      await ok(['kill', '-TERM', busy.split('/').at(-1) ?? '']);
      expect((await first.end).exitCode).toBe(0);
      await until('the file runs elsewhere', async () => (await diary()).length === 2);
      await write('gate', '');

      const { exitCode, all } = await run.end;
      expect({ exitCode, all }).toMatchObject({
        exitCode: 1,
        all: expect.stringContaining('planned 3 = passed 2 + flaky 0 + failed 1'),
      });
      const { files } = await checkReport(await read('out.json'));
      expect(files.flatMap(({ losses }) => losses)).toMatchObject([{ cause: 'preempted' }]);
      expect((await call(['list'], person).end).all).toContain('unit');

      await ok(['pkill', '-TERM', '-f', 'cli.js (control|worker)']); // In the machine nobody else has processes.
      expect([(await control.end).exitCode, (await second.end).exitCode]).toEqual([0, 0]);
    },
    PATIENCE_MS,
  );

  test(
    'over mutual TLS, with a profile of Temporal’s own configuration file',
    async () => {
      const { start, call, healthy, ok, write } = await withSuite({ 'a.sh': 'true' });
      await write('certs/make', CERTIFICATES);
      await ok(['sh', '-eu', './make'], { cwd: '/project/certs' });
      await write('temporal.toml', PROFILE);
      expect((await start('temporal-schema').end).exitCode).toBe(0);
      start('temporal', TLS_OF_SERVER);
      await healthy('temporal');
      const profile = { TEMPORAL_CONFIG_FILE: '/project/temporal.toml', TEMPORAL_PROFILE: 'fleet' };
      const { exitCode, all } = await start('temporal-namespace', profile).end;
      expect(exitCode, all).toBe(0);
      start('control', profile);
      start('worker', profile);
      const run = await call(['run'], profile).end;
      expect(run).toMatchObject({ exitCode: 0, all: expect.stringContaining('planned 1 = passed 1') });

      const stranger = await call(['list'], {
        TEMPORAL_ADDRESS: 'temporal:7233',
        TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/project/certs/ca.pem',
      }).end;
      expect(stranger).toMatchObject({ exitCode: 3, all: expect.stringContaining('SERVER_UNREACHABLE') });
    },
    PATIENCE_MS,
  );
});

const CERTIFICATES = `
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=ca -days 2
for name in server client; do
  openssl req -newkey rsa:2048 -nodes -keyout $name.key -out $name.csr -subj /CN=$name
  echo subjectAltName=DNS:temporal >$name.ext
  openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out $name.pem -days 2 -extfile $name.ext
done
chmod a+r *
`;

const PROFILE = `
[profile.fleet]
address = "temporal:7233"

[profile.fleet.tls]
server_ca_cert_path = "/project/certs/ca.pem"
client_cert_path = "/project/certs/client.pem"
client_key_path = "/project/certs/client.key"
`;

const TLS_OF_SERVER = {
  TEMPORAL_TLS_REQUIRE_CLIENT_AUTH: 'true',
  TEMPORAL_TLS_SERVER_CA_CERT: '/project/certs/ca.pem',
  TEMPORAL_TLS_SERVER_CERT: '/project/certs/server.pem',
  TEMPORAL_TLS_SERVER_KEY: '/project/certs/server.key',
  TEMPORAL_TLS_INTERNODE_SERVER_NAME: 'temporal',
  TEMPORAL_TLS_FRONTEND_CERT: '/project/certs/server.pem',
  TEMPORAL_TLS_FRONTEND_KEY: '/project/certs/server.key',
  TEMPORAL_TLS_FRONTEND_SERVER_NAME: 'temporal',
  TEMPORAL_TLS_CLIENT1_CA_CERT: '/project/certs/ca.pem',
  TEMPORAL_TLS_CLIENT2_CA_CERT: '/project/certs/ca.pem',
};
