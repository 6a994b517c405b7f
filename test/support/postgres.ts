import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { keepFreePort } from '../../src/adapters/temporal/free-port.js';

/** A real PostgreSQL of our own, on a free loopback port, with a password. */
export type PostgresServer = {
  readonly url: string;
  /** Ends the server at once, and leaves its data: nobody can connect until `resume`. */
  interrupt(): Promise<void>;
  /** Serves the same data again, on the same port. */
  resume(): Promise<void>;
  stop(): Promise<void>;
};

/** `nobody` on every Linux: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

/** Makes a cluster in a temporary folder and serves it. Needs PostgreSQL's own programs on PATH or where Debian puts them. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-postgres-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(folder, NOBODY, NOBODY);
  const options = {
    cwd: folder,
    env: { PATH: await searchPath(), LC_ALL: 'C' },
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  };
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, PASSWORD);
  if (isRoot) await chown(passwordFile, NOBODY, NOBODY);
  await execa(
    'initdb',
    [
      '-D',
      data,
      '-U',
      'holdfast',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    options,
  );
  const port = await keepFreePort();
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const serve = async () => {
    const server = execa('postgres', ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
      ...options,
      reject: false,
    });
    const isReady = new Promise<void>((resolve) => {
      let log = '';
      server.stderr.on('data', (text) => {
        log += text;
        if (log.includes('ready to accept connections')) resolve();
      });
    });
    const hasEnded = server.then(({ stderr }) => Promise.reject(new Error(`PostgreSQL did not start: ${stderr}`)));
    hasEnded.catch(() => {}); // Of interest only until it is ready.
    await Promise.race([isReady, hasEnded]);
    return { process: server }; // Wrapped: it is awaited when it ends.
  };
  let server = await serve();
  const end = async (signal: 'SIGINT' | 'SIGQUIT') => {
    server.process.kill(signal);
    await server.process;
  };
  return {
    url: `postgres://holdfast:${PASSWORD}@127.0.0.1:${port}/postgres`,
    interrupt: () => end('SIGQUIT'), // As a crash: what was committed is found in its log.
    async resume() {
      server = await serve();
    },
    async stop() {
      await end('SIGINT'); // A fast shutdown: it waits for nobody.
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const PASSWORD = 'only-for-tests';

/** Debian keeps the server's programs off PATH, a folder for each version. */
async function searchPath(): Promise<string> {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => []);
  return [process.env.PATH, ...versions.map((version) => join(root, version, 'bin'))].join(delimiter);
}
