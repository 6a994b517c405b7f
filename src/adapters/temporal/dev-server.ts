import { open, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { DEFAULTS } from '../../core/defaults.js';
import { RunnerError } from '../../core/errors.js';
import { SEARCH_ATTRIBUTES } from '../../core/model/search-attributes.js';
import { killGroup } from '../process/kill-group.js';
import { keepFreePort, LOOPBACK } from './free-port.js';
import { profileFlags } from './server-profile.js';

export type DevServer = {
  /** Its process group. */
  readonly group: number;
  /** `host:port` on loopback. */
  readonly address: string;
  readonly webUrl: string;
  /** Settles when the frontend answers; rejects with STACK_FAILED when it will not. */
  readonly ready: Promise<void>;
  /** Settles when the process has ended, with why. */
  readonly ended: Promise<string>;
  /** Ends it at once. Its database survives that as it survives a crash; a graceful end takes a second longer and gains nothing. */
  kill(): Promise<void>;
};

/** Execa takes any descriptor; its types name only those up to 9. */
type Fd = 9;

export type DevServerOptions = {
  readonly binary: string;
  readonly dbFile: string;
  readonly logFile: string;
  /** Of the frontend; a free one without. */
  readonly port?: number;
  /** Holdfast's profile, unless a plain server is wanted. */
  readonly profile?: readonly string[];
};

/** Starts Temporal's dev server on loopback, on a database that stays. The addresses are known before it is ready. */
export async function startDevServer({
  binary,
  dbFile,
  logFile,
  port: wantedPort,
  profile = profileFlags(),
}: DevServerOptions): Promise<DevServer> {
  const [port, uiPort] = await Promise.all([wantedPort ?? keepFreePort(), keepFreePort()]);
  const log = await open(logFile, 'a');
  const { size: begin } = await log.stat();
  const server = execa(
    binary,
    [
      ...['server', 'start-dev', '--ip', LOOPBACK, '--ui-ip', LOOPBACK, '--db-filename', dbFile, '--log-level', 'error'],
      ...['--port', String(port), '--ui-port', String(uiPort)], // It keeps its other ports free in the same way.
      '--ui-disable-news-fetch',
      ...profile,
      ...Object.values(SEARCH_ATTRIBUTES).flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ],
    { stdio: ['ignore', log.fd as Fd, log.fd as Fd], detached: true, cleanup: false, buffer: false, reject: false },
  );
  const ended = server.then(async ({ exitCode, signal }) => {
    await log.close();
    return signal ?? `exit code ${exitCode}`;
  });
  if (server.pid === undefined)
    throw new RunnerError('STACK_FAILED', `The Temporal binary ${binary} could not be started (${await ended}).`);
  const group = server.pid;
  const address = `${LOOPBACK}:${port}`;
  return {
    group,
    address,
    webUrl: `http://${LOOPBACK}:${uiPort}`,
    ready: Promise.race([
      whenAnswering(address),
      ended.then(async (how) => {
        throw new RunnerError(
          'STACK_FAILED',
          `The Temporal server ended at its start (${how}): ${await lastWordOf(logFile, begin)}.`,
        );
      }),
    ]),
    ended,
    async kill() {
      killGroup(group, 'SIGKILL');
      await ended;
    },
  };
}

const POLL_MS = 20;

async function whenAnswering(address: string): Promise<void> {
  const { Connection } = await import('@temporalio/client'); // Loaded while the server starts.
  const endMs = performance.now() + DEFAULTS.stackStartMs;
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        await connection.workflowService.describeNamespace({ namespace: 'default' });
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (performance.now() > endMs)
        throw new RunnerError('STACK_FAILED', `The Temporal server at ${address} does not answer.`, { cause: error });
      await delay(POLL_MS);
    }
  }
}

/** The last line of a log since it began, in bytes; where a program of Go broke down, why it did, which stands above what each of its threads was at. */
async function lastWordOf(file: string, begin: number): Promise<string> {
  const log = await readFile(file).catch(() => Buffer.of());
  const lines = log.subarray(begin).toString().trim().split('\n');
  const word = lines.findLast((line) => /^(panic|fatal error): /.test(line)) ?? lines.at(-1);
  return (word || 'it printed nothing').replace(/^Error: /, '').replace(/\.$/, '');
}
