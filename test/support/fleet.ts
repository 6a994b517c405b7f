import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findTemporalBinary } from '../../src/adapters/temporal/binary.js';
import { startDevServer } from '../../src/adapters/temporal/dev-server.js';
import { type CliProcess, startCli } from './cli.js';
import { saying } from './cluster.js';
import { powerCut } from './processes.js';
import type { Project } from './project.js';

/** A test worker of a fleet. */
export type FleetWorker = { readonly name: string; readonly pid: number; readonly process: CliProcess };

/** A Temporal server that is nobody's stack, a control worker, and as many test workers as are started. */
export type Fleet = {
  /** Environment of those who use it. */
  readonly env: Readonly<Record<string, string>>;
  startWorker(slots?: number): Promise<FleetWorker>;
  /** Ends everything at once. */
  stop(): Promise<void>;
};

/** Starts a fleet without test workers, all of it in the folder of one project. */
export async function startFleet(project: Project): Promise<Fleet> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-fleet-'));
  const binary = await findTemporalBinary(process.env, () => undefined);
  const files = { dbFile: path.join(folder, 'temporal.db'), logFile: path.join(folder, 'temporal.log') };
  const server = await startDevServer({ binary, ...files });
  await server.ready;
  const env = { TEMPORAL_ADDRESS: server.address };
  const start = async (args: readonly string[]): Promise<FleetWorker> => {
    const worker = startCli(args, { cwd: project.root, env });
    const [, name = ''] = /^(\S+) polls /m.exec(await saying(worker, / polls \S+/)) ?? [];
    return { name, pid: worker.pid ?? 0, process: worker };
  };
  await start(['control']);
  return {
    env,
    startWorker: (slots = 1) => start(['worker', '--workers', String(slots)]),
    async stop() {
      await powerCut(project.root);
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
