import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { findTemporalBinary } from '../../src/adapters/temporal/binary.js';
import { until } from '../support/until.js';
import { ROOT, serviceOf, withDefaults } from './compose-file.js';
import { type Order, type Running, startMachine } from './machine.js';

/**
 * Names a folder with Temporal's `server` and `sql`, built from source: docs/deploy.md says how. Without it, or without root, the compose file
 * cannot be run.
 */
export const BUILD = process.env.HOLDFAST_TEMPORAL_BUILD ?? '';
export const IS_POSSIBLE = BUILD !== '' && process.getuid?.() === 0;

type Variables = Readonly<Record<string, string>>;

/** docker-compose.yml in a machine of its own: each service with its very command, variables, names, ports, user and mounts. */
export type Installation = {
  /** Runs something to its end, which must be good; returns what it said. */
  ok(command: readonly string[], order?: Order): Promise<string>;
  /** Starts the command of a service; `more` outweighs its variables. */
  start(service: string, more?: Variables): Running;
  /** The same of `holdfast …` as a person in the project’s folder calls it. */
  call(args: readonly string[], env: Variables): Running;
  /** Waits until a service’s own health check is content. */
  healthy(service: string): Promise<void>;
  /** What stands in a file of the project; nothing while there is none. */
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
  stop(): Promise<void>;
};

/** The variables of a service, where nobody sets any of the file’s own. */
export const environmentOf = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(serviceOf(name).environment).map(([key, value]) => [key, withDefaults(value)]));

/** What the images have beside what is built here: the command as the Dockerfile links it, busybox’s look at a port. */
const PROGRAMS = {
  holdfast: '#!/bin/sh\nexec node /opt/holdfast/dist/cli.js "$@"\n',
  nc: '#!/bin/bash\nexec 3<>"/dev/tcp/$2/$3"\n',
  // Its entry point finds the address of the container by itself, and says nothing to the server but `start`.
  'temporal-entrypoint': '#!/bin/sh\nexport TEMPORAL_BROADCAST_ADDRESS=127.0.0.1\nexec temporal-server start\n',
};
/** What an image runs where the file does not say. */
const IMAGE_COMMANDS: Readonly<Record<string, readonly string[]>> = { temporal: ['temporal-entrypoint'] };
const IMAGE_USER = '1000:1000';

/** Lays out the machine, with the files of a project, and starts PostgreSQL in it as its image does. Everything else is `start`ed. */
export async function startInstallation(files: Variables): Promise<Installation> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-compose-'));
  const write = async (file: string, text: string, mode = 0o644) => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text, { mode });
  };
  for (const [file, text] of Object.entries(files)) await write(`project/${file}`, text);
  for (const [name, text] of Object.entries(PROGRAMS)) await write(`bin/${name}`, text, 0o755);
  await chown(path.join(folder, 'project'), 1000, 1000);
  const mounts = ['temporal-schema', 'temporal', 'temporal-namespace'].flatMap((name) => serviceOf(name).volumes);
  const machine = await startMachine({
    names: ['postgres', 'temporal'],
    mounts: {
      ...Object.fromEntries(mounts.map((mount) => mount.split(':')).map(([from = '', to = '']) => [path.join(ROOT, from), to])),
      ...Object.fromEntries(Object.keys(PROGRAMS).map((name) => [path.join(folder, 'bin', name), `/usr/local/bin/${name}`])),
      [ROOT]: '/opt/holdfast',
      [path.join(folder, 'project')]: '/project',
      [path.join(BUILD, 'server')]: '/usr/local/bin/temporal-server',
      [path.join(BUILD, 'sql')]: '/usr/local/bin/temporal-sql-tool',
      [await findTemporalBinary(process.env, () => undefined)]: '/usr/local/bin/temporal',
    },
  });

  const ok = async (command: readonly string[], order: Order = {}) => {
    const { exitCode, all } = await machine.start(command, order).end;
    expect(exitCode, `${command.join(' ')}\n${all}`).toBe(0);
    return all;
  };
  const healthy = async (name: string) => {
    const [, ...check] = serviceOf(name).healthcheck?.test ?? [];
    await until(`${name} is healthy`, async () => (await machine.start(check).end).exitCode === 0);
  };

  const { POSTGRES_USER = '', POSTGRES_PASSWORD = '', POSTGRES_DB = '' } = environmentOf('postgres');
  const data = '/var/lib/postgresql/data';
  await ok(['install', '-d', '--owner=nobody', data]);
  await ok(['install', '-d', '--mode=1777', '/var/lib/holdfast/objects']);
  const makeDatabase = `
    PATH=$PATH:$(echo /usr/lib/postgresql/*/bin); echo ${POSTGRES_PASSWORD} >/tmp/password
    initdb -D ${data} -U ${POSTGRES_USER} --auth=scram-sha-256 --pwfile=/tmp/password >/dev/null
    pg_ctl -D ${data} -o "-c listen_addresses=* -k /tmp" -l /tmp/postgres.log -w start >/dev/null
    PGPASSWORD=${POSTGRES_PASSWORD} psql -q -h 127.0.0.1 -U ${POSTGRES_USER} -d postgres -c "create database ${POSTGRES_DB}"`;
  await ok(['sh', '-euc', makeDatabase], { user: '65534:65534' }); // PostgreSQL refuses to run as root.
  await healthy('postgres');

  return {
    ok,
    healthy,
    start(name, more = {}) {
      const { command, user = IMAGE_USER, build } = serviceOf(name);
      const words = build ? ['holdfast', ...command] : command.length > 0 ? command : (IMAGE_COMMANDS[name] ?? []);
      return machine.start(words, {
        env: { ...environmentOf(name), ...more },
        user: withDefaults(user),
        cwd: build ? '/project' : '/',
      });
    },
    call: (args, env) => machine.start(['holdfast', ...args], { env, user: IMAGE_USER, cwd: '/project' }),
    read: (file) => readFile(path.join(folder, 'project', file), 'utf8').catch(() => ''),
    write: (file, text) => write(`project/${file}`, text),
    async stop() {
      await machine.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
