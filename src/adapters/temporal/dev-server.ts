import { randomInt } from 'node:crypto';
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
  /** The server's process group. */
  readonly group: number;
  /** `host:port` on loopback. */
  readonly address: string;
  /** Where its Web UI answers, to anybody and under any name: see `openWebUiDoor`. */
  readonly webUrl: string;
  /** Resolves when the frontend answers; rejects with STACK_FAILED if it never does, or STATE_DAMAGED. */
  readonly ready: Promise<void>;
  /** Resolves with the signal or exit code when the process has ended. */
  readonly ended: Promise<string>;
  /** Kills the server at once. The database survives that as it does a crash; a graceful shutdown takes a second longer for no gain. */
  kill(): Promise<void>;
};

/** Execa accepts any descriptor, but its types only go up to 9. */
type Fd = 9;

export type DevServerOptions = {
  readonly binary: string;
  readonly dbFile: string;
  readonly logFile: string;
  /** Port of the frontend; a free one by default. */
  readonly port?: number;
  /** Address of the Web UI; one of its own by default. */
  readonly webUrl?: string;
  /** Extra flags; Holdfast's server profile by default. */
  readonly profile?: readonly string[];
};

/** Starts Temporal's dev server on loopback with a persistent database. Addresses are known before it is ready. Throws STACK_FAILED. */
export async function startDevServer({
  binary,
  dbFile,
  logFile,
  port: wantedPort,
  webUrl: wantedWebUrl,
  profile = profileFlags(),
}: DevServerOptions): Promise<DevServer> {
  const port = wantedPort ?? (await keepFreePort());
  const webUrl = wantedWebUrl ?? `http://${unguessableHost()}:${await keepFreePort()}`;
  const { hostname: uiHost, port: uiPort } = new URL(webUrl);
  const log = await open(logFile, 'a');
  const { size: begin } = await log.stat();
  const server = execa(
    binary,
    [
      ...['server', 'start-dev', '--ip', LOOPBACK, '--ui-ip', uiHost, '--db-filename', dbFile, '--log-level', 'error'],
      ...['--port', String(port), '--ui-port', uiPort], // The server reserves its other ports in the same way.
      '--ui-disable-news-fetch',
      ...['--dynamic-config-value', 'frontend.httpAllowedHosts=["none.invalid"]'], // We use gRPC, which browsers cannot.
      ...profile,
      ...Object.values(SEARCH_ATTRIBUTES).flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ],
    {
      env: { GOGC: GO_GC },
      stdio: ['ignore', log.fd as Fd, log.fd as Fd],
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
    },
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
    webUrl,
    ready: Promise.race([
      whenAnswering(address),
      ended.then(async (how) => {
        throw failedStart(how, await lastWordOf(logFile, begin), dbFile);
      }),
    ]),
    ended,
    async kill() {
      killGroup(group, 'SIGKILL');
      await ended;
    },
  };
}

/** SQLite's own words for a file that is no database, or has lost pages. */
const DAMAGE = /file is not a database|database disk image is malformed/;

function failedStart(how: string, reason: string, dbFile: string): RunnerError {
  const damage = DAMAGE.exec(reason)?.[0];
  if (damage === undefined)
    return new RunnerError('STACK_FAILED', `The Temporal server exited during startup (${how}): ${reason}.`);
  return new RunnerError('STATE_DAMAGED', `The database of the Temporal server, ${dbFile}, is damaged: ${damage}.`, {
    remedy:
      'Runs that have not ended, and schedules, are lost with it; finished runs are not. `holdfast reset server` keeps a copy aside, and the next command starts anew.',
  });
}

/**
 * A loopback address that a page on the web cannot guess: the Web UI believes any Host header. Linux answers on all of 127.0.0.0/8.
 */
function unguessableHost(): string {
  return process.platform === 'linux' ? `127.${[1, 2, 3].map(() => randomInt(1, 255)).join('.')}` : LOOPBACK;
}

/** How much Go lets its heap grow between collections, in percent; 100 by default. The server of one project has little to do. */
const GO_GC = '50';

const POLL_MS = 20;

async function whenAnswering(address: string): Promise<void> {
  const { Connection } = await import('@temporalio/client'); // Imported lazily, while the server starts.
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

/** The last line of a log after byte `begin`; after a Go crash, the line with its reason, which precedes the goroutine dump. */
async function lastWordOf(file: string, begin: number): Promise<string> {
  const log = await readFile(file).catch(() => Buffer.of());
  const lines = log.subarray(begin).toString().trim().split('\n');
  const reason = lines.findLast((line) => /^(panic|fatal error): /.test(line)) ?? lines.at(-1);
  return (reason || 'it printed nothing').replace(/^Error: /, '').replace(/\.$/, '');
}
