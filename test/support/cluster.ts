import path from 'node:path';
import type { Client } from '@temporalio/client';
import { afterAll } from 'vitest';
import { connectClient } from '../../src/adapters/temporal/connection.js';
import { readKeys } from '../../src/adapters/temporal/signing-keys.js';
import { type CliProcess, saidBy, startCli } from './cli.js';
import { processesIn, untilEmpty } from './processes.js';
import { aProject, type Project } from './project.js';
import { until } from './until.js';
import { checkWorkflowTasks } from './workflow-tasks.js';

/** A stack that `holdfast dev` keeps up, so that each run of a test file takes a second and not five. */
export type Stack = {
  readonly process: CliProcess;
  /** Also fails if a workflow had a bug. */
  stop(): Promise<void>;
};

/** Keeps the stack of a project up. */
export async function startStack(project: Project, env: Readonly<Record<string, string>> = {}): Promise<Stack> {
  const dev = startCli(['dev'], { cwd: project.root, env });
  await saying(dev, /The stack is up/);
  return {
    process: dev,
    async stop() {
      dev.kill('SIGTERM');
      await dev;
      await untilEmpty(project.root);
      checkWorkflowTasks(saidBy(dev));
    },
  };
}

/** A project whose stack is up for all tests of the file that asks for it. */
export async function aRunningProject(options?: Parameters<typeof aProject>[0]): Promise<Project> {
  const project = await aProject(options);
  const stack = await startStack(project);
  afterAll(async () => {
    await stack.stop();
    await project.remove();
  });
  return project;
}

/** Waits until a command has written something, on either stream, and returns all it wrote. Fails when it ends before. */
export async function saying(command: CliProcess, what: RegExp): Promise<string> {
  let hasEnded = false;
  void command.then(() => {
    hasEnded = true;
  });
  return until(`a command says ${what}`, () => {
    const said = saidBy(command);
    if (hasEnded && !what.test(said)) throw new Error(`It ended without saying ${what}: ${said}`);
    return what.test(said) && said;
  });
}

/** Asks the Temporal server of a project's stack, with its key. */
export async function withClient<T>(project: Project, ask: (client: Client) => Promise<T>): Promise<T> {
  const { temporalAddress } = JSON.parse(await project.read('.holdfast/stack.json'));
  const { client, connection } = await connectClient({
    address: temporalAddress,
    namespace: 'default',
    isConfigured: true,
    options: { address: temporalAddress },
    keys: await readKeys(path.join(project.root, '.holdfast/key')),
  });
  try {
    return await ask(client);
  } finally {
    await connection.close();
  }
}

/** The process ids of a project's test workers. */
export async function workersOf(project: Project): Promise<number[]> {
  return (await processesIn(project.root)).filter(({ command }) => /cli\.js worker/.test(command)).map(({ pid }) => pid);
}
