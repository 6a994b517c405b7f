import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTemporalBinary } from '../../src/adapters/temporal/binary.js';
import { checkReport } from '../support/result.js';
import { until } from '../support/until.js';
import { ROOT, serviceOf, withDefaults } from './compose-file.js';
import { type Machine, type Order, startMachine } from './machine.js';

/**
 * Every command line of docker-compose.yml, with its very variables, names and ports, in a machine of its own without a container engine. Runs
 * where HOLDFAST_TEMPORAL_BUILD names a folder with Temporal's `server` and `sql`, built from source: docs/deploy.md says how.
 */
const BUILD = process.env.HOLDFAST_TEMPORAL_BUILD ?? '';

const PATIENCE_MS = 240_000;

describe.skipIf(BUILD === '' || process.getuid?.() !== 0)('docker-compose.yml, command by command', () => {
  let folder: string;
  let machine: Machine;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-compose-'));
    await mkdir(path.join(folder, 'project/tests'), { recursive: true });
    const suites = { unit: { framework: 'command', command: ['sh', '{file}'], include: ['tests/*.sh'] } };
    await writeFile(path.join(folder, 'project/holdfast.config.json'), JSON.stringify({ suites }));
    const scripts = {
      'a.sh': 'true',
      'red.sh': 'exit 1',
      'gated.sh': 'echo "$HOLDFAST_WORKER" >> diary; until [ -e gate ]; do sleep 0.05; done',
    };
    for (const [name, text] of Object.entries(scripts)) await writeFile(path.join(folder, 'project/tests', name), text);
    for (const file of ['project', 'project/tests']) await chown(path.join(folder, file), 1000, 1000);
    await writeFile(path.join(folder, 'nc'), '#!/bin/bash\nexec 3<>"/dev/tcp/$2/$3"\n', { mode: 0o755 }); // The image has busybox’s.
    await writeFile(path.join(folder, 'holdfast'), '#!/bin/sh\nexec node /opt/holdfast/dist/cli.js "$@"\n', { mode: 0o755 });
    const mounts = Object.fromEntries(
      ['temporal-schema', 'temporal', 'temporal-namespace']
        .flatMap((name) => serviceOf(name).volumes)
        .map((mount) => mount.split(':'))
        .map(([from = '', to = '']) => [path.join(ROOT, from), to]),
    );
    machine = await startMachine({
      names: ['postgres', 'temporal'],
      mounts: {
        ...mounts,
        [ROOT]: '/opt/holdfast',
        [path.join(folder, 'project')]: '/project',
        [path.join(folder, 'nc')]: '/usr/local/bin/nc',
        [path.join(folder, 'holdfast')]: '/usr/local/bin/holdfast',
        [path.join(BUILD, 'server')]: '/usr/local/bin/temporal-server',
        [path.join(BUILD, 'sql')]: '/usr/local/bin/temporal-sql-tool',
        [await findTemporalBinary(process.env, () => undefined)]: '/usr/local/bin/temporal',
      },
    });
  });
  afterAll(async () => {
    await machine?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What stands in a file of the project, which is the same in the machine and here; nothing while there is none. */
  const inProject = (file: string) => readFile(path.join(folder, 'project', file), 'utf8').catch(() => '');
  const environmentOf = (name: string) =>
    Object.fromEntries(Object.entries(serviceOf(name).environment).map(([key, value]) => [key, withDefaults(value)]));
  const orderOf = (name: string): Order => ({ env: environmentOf(name), user: withDefaults(serviceOf(name).user ?? '0:0') });

  /** Runs something to its end, which must be good; returns what it said. */
  async function ok(command: readonly string[], order: Order = {}): Promise<string> {
    const { exitCode, all } = await machine.start(command, order).end;
    expect(exitCode, `${command.join(' ')}\n${all}`).toBe(0);
    return all;
  }
  /** Waits until a service’s own health check is content. */
  async function healthy(name: string): Promise<void> {
    const [, ...check] = serviceOf(name).healthcheck?.test ?? [];
    await until(`${name} is healthy`, async () => (await machine.start(check).end).exitCode === 0);
  }

  test(
    'each service starts as it is written, and a suite comes to its verdict through the loss of a worker',
    async () => {
      // What the image of PostgreSQL does with its three variables at its first start.
      const { POSTGRES_USER = '', POSTGRES_PASSWORD = '', POSTGRES_DB = '' } = environmentOf('postgres');
      const data = '/var/lib/postgresql/data';
      await ok(['install', '-d', '--owner=nobody', data]);
      await ok(['install', '-d', '--mode=1777', '/var/lib/holdfast/objects']);
      const asNobody = (text: string) => ok(['sh', '-c', text], { user: '65534:65534' }); // PostgreSQL refuses to run as root.
      await asNobody(
        `PATH=$PATH:$(echo /usr/lib/postgresql/*/bin); echo ${POSTGRES_PASSWORD} >/tmp/password && initdb -D ${data} -U ${POSTGRES_USER} --auth=scram-sha-256 --pwfile=/tmp/password >/dev/null && ` +
          `pg_ctl -D ${data} -o "-c listen_addresses=* -k /tmp" -l /tmp/postgres.log -w start >/dev/null && ` +
          `PGPASSWORD=${POSTGRES_PASSWORD} psql -q -h 127.0.0.1 -U ${POSTGRES_USER} -d postgres -c "create database ${POSTGRES_DB}"`,
      );
      await healthy('postgres');

      for (const _again of [1, 2]) await ok(serviceOf('temporal-schema').command, orderOf('temporal-schema'));
      const { DYNAMIC_CONFIG_FILE_PATH = '' } = environmentOf('temporal');
      await ok(['temporal-server', 'validate-dynamic-config', DYNAMIC_CONFIG_FILE_PATH]);
      // The image’s entry point finds the address of its container by itself; it calls the server without a word but `start`.
      const { env } = orderOf('temporal');
      machine.start(['temporal-server', 'start'], {
        env: { ...env, TEMPORAL_BROADCAST_ADDRESS: '127.0.0.1' },
        user: '1000:1000',
      });
      await healthy('temporal');
      for (const _again of [1, 2]) await ok(serviceOf('temporal-namespace').command, orderOf('temporal-namespace'));

      const start = (name: string) =>
        machine.start(['holdfast', ...serviceOf(name).command], { ...orderOf(name), cwd: '/project' }).end;
      const control = start('control');
      const first = start('worker');
      const person = { env: { TEMPORAL_ADDRESS: '127.0.0.1:7233' }, user: '1000:1000', cwd: '/project' };
      const run = machine.start(['holdfast', 'run', '--reporter', 'ci', '--reporter', 'json=out.json'], person).end;
      const diary = async () => (await inProject('diary')).split('\n').filter((line) => line !== '');
      await until('a file runs', async () => (await diary()).length === 1);

      // A rolling update: the new worker is there, then the old one is told to leave.
      const second = start('worker');
      await until(
        'two workers poll',
        async () => JSON.parse(await ok(['holdfast', 'workers', '--json'], person)).workers.length === 2,
      );
      const [busy = ''] = await diary();
      await ok(['kill', '-TERM', busy.split('/').at(-1) ?? '']);
      expect((await first).exitCode).toBe(0);
      await until('the file runs elsewhere', async () => (await diary()).length === 2);
      await writeFile(path.join(folder, 'project/gate'), '');

      const { exitCode, all } = await run;
      expect({ exitCode, all }).toMatchObject({
        exitCode: 1,
        all: expect.stringContaining('planned 3 = passed 2 + flaky 0 + failed 1'),
      });
      const { files } = await checkReport(await inProject('out.json'));
      expect(files.flatMap(({ losses }) => losses)).toMatchObject([{ cause: 'preempted' }]);
      expect(await ok(['holdfast', 'list'], { ...person, cwd: '/tmp' })).toContain('unit');

      await ok(['pkill', '-TERM', '-f', 'cli.js (control|worker)']); // In the machine nobody else has processes.
      expect([(await control).exitCode, (await second).exitCode]).toEqual([0, 0]);
    },
    PATIENCE_MS,
  );
});
