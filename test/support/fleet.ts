import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findTemporalBinary } from '../../src/adapters/temporal/binary.js';
import { type ClientConnection, connectClient } from '../../src/adapters/temporal/connection.js';
import { startDevServer } from '../../src/adapters/temporal/dev-server.js';
import { type CliProcess, saidBy, startCli } from './cli.js';
import { saying } from './cluster.js';
import { kill, powerCut } from './processes.js';
import type { Project } from './project.js';
import { checkWorkflowTasks } from './workflow-tasks.js';

type Variables = Readonly<Record<string, string>>;

/** A worker of a fleet. */
export type FleetWorker = { readonly name: string; readonly pid: number; readonly process: CliProcess };

/** A Temporal server that is nobody's stack, control workers, and as many test workers as are started. */
export type Fleet = {
  /** Environment of those who use it. */
  readonly env: Variables;
  /** `host:port` of the server. */
  readonly address: string;
  /** A test worker; what is given in `env` outweighs the fleet's own, `within` is a command that becomes it. */
  startWorker(slots?: number, env?: Variables, args?: readonly string[], within?: readonly string[]): Promise<FleetWorker>;
  startControl(env?: Variables): Promise<FleetWorker>;
  /** Ends the control worker that the fleet was started with, with SIGKILL. */
  killControl(): Promise<void>;
  /** Lets the test workers that are left go, the frozen ones too, and waits for their end. */
  dismissWorkers(): Promise<void>;
  /** The server's own API. */
  connect(): Promise<ClientConnection>;
  /** Ends the server with SIGKILL. Its database stays. */
  killServer(): Promise<void>;
  /** Starts it again on the same database and port. */
  restartServer(): Promise<void>;
  /** Ends everything at once. Fails if a workflow had a bug. */
  stop(): Promise<void>;
};

export type FleetOptions = {
  /** False: a server as anybody would start it. */
  readonly profile?: boolean;
  /** Environment of all. */
  readonly env?: Variables;
  /** False: control workers are the caller's own. */
  readonly control?: boolean;
};

/** Starts a fleet without test workers, all of it in the folder of one project. */
export async function startFleet(
  project: Project,
  { profile = true, env: more = {}, control = true }: FleetOptions = {},
): Promise<Fleet> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-fleet-'));
  const binary = await findTemporalBinary(process.env, () => undefined);
  const serve = async (port?: number) => {
    const files = { dbFile: path.join(folder, 'temporal.db'), logFile: path.join(folder, 'temporal.log') };
    const started = await startDevServer({
      binary,
      ...files,
      ...(port !== undefined && { port }),
      ...(!profile && { profile: [] }),
    });
    await started.ready;
    return started;
  };
  let server = await serve();
  const { address } = server;
  const env = { TEMPORAL_ADDRESS: address, ...more };
  let workers: FleetWorker[] = [];
  let connection: Promise<ClientConnection> | undefined;
  const start = async (args: readonly string[], own: Variables, within: readonly string[] = []): Promise<FleetWorker> => {
    const worker = startCli(args, { cwd: project.root, env: { ...env, ...own }, within });
    const [, name = ''] = /^(\S+) polls /m.exec(await saying(worker, / polls \S+/)) ?? [];
    return { name, pid: worker.pid ?? 0, process: worker };
  };
  const controls: CliProcess[] = [];
  const startControl = async (own: Variables = {}) => {
    const control = await start(['control'], own);
    controls.push(control.process);
    return control;
  };
  const own = control ? await startControl() : undefined;
  return {
    env,
    address,
    startControl,
    async startWorker(slots = 1, own = {}, args = [], within = []) {
      const worker = await start(['worker', '--slots', String(slots), ...args], own, within);
      workers.push(worker);
      return worker;
    },
    async dismissWorkers() {
      const left = workers;
      workers = [];
      for (const { pid, process } of left) {
        kill(pid, 'SIGCONT');
        kill(pid, 'SIGTERM');
        await process;
      }
    },
    connect() {
      connection ??= connectClient({ address, namespace: 'default', isConfigured: true, options: { address } });
      return connection;
    },
    async killControl() {
      kill(own?.pid ?? Number.NaN, 'SIGKILL');
      await own?.process;
    },
    killServer: () => server.kill(),
    async restartServer() {
      server = await serve(Number(address.split(':').at(-1)));
    },
    async stop() {
      await powerCut(project.root);
      await (await connection)?.connection.close();
      await server.kill();
      await rm(folder, { recursive: true, force: true });
      for (const control of controls) checkWorkflowTasks(saidBy(control));
    },
  };
}
