// A Temporal server, a control worker and test workers that a measurement starts and kills, and test files that record when they started.
import { mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { createJiti } from 'jiti';
import { CLI, makeProject } from './measure.mjs';

const jiti = createJiti(import.meta.url);
const { findTemporalBinary } = await jiti.import('../src/adapters/temporal/binary.ts');
const { startDevServer } = await jiti.import('../src/adapters/temporal/dev-server.ts');

/** Parent of the cgroups (v1) that limit the CPU time of a group of processes; must be writable. */
const PROCESSOR_GROUPS = '/sys/fs/cgroup/cpu';

/** Records its process id and when it started (epoch ms), then waits for the file `go`. */
export const HOLDS = `echo "$HOLDFAST_FILE $HOLDFAST_WORKER $$ $(date +%s%3N)" >> starts
while [ ! -e go ]; do sleep 0.05; done`;

/** `suite` is the one suite of the project, `files` its files. `profile: false`: a server with its own defaults. */
export async function startFleet({ profile = true, files, suite }) {
  const project = await makeProject({ files, suite, slots: 1 });
  const data = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-server-'));
  const server = await startDevServer({
    binary: await findTemporalBinary(process.env, () => undefined),
    dbFile: path.join(data, 'temporal.db'),
    logFile: path.join(data, 'temporal.log'),
    ...(!profile && { profile: [] }),
  });
  await server.ready;
  const env = { TEMPORAL_ADDRESS: server.address };
  const processes = new Set();
  const groups = [];
  const start = async (args, { own = {}, group } = {}) => {
    const words = group
      ? ['sh', '-c', `echo $$ > ${group}/cgroup.procs && exec "$@"`, 'sh', process.execPath]
      : [process.execPath];
    const [program, ...before] = words;
    const child = execa(program, [...before, CLI, ...args], { cwd: project.folder, env: { ...env, ...own }, reject: false });
    processes.add(child);
    void child.then(() => processes.delete(child));
    const name = await new Promise((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (text) => {
        said += text;
        const [, polls] = /^(\S+) polls /m.exec(said) ?? [];
        if (polls) resolve(polls);
      });
      void child.then(() => reject(new Error(`holdfast ${args.join(' ')} ended: ${said}`)));
    });
    return { name, pid: child.pid, process: child, kill: (signal) => child.kill(signal) };
  };
  await start(['control']);
  return {
    folder: project.folder,
    address: server.address,
    serverPid: server.group,
    startWorker: (slots = 1, own = {}) => start(['worker', '--slots', String(slots)], { own }),
    /** A worker with one slot that, together with its tests, gets this share of one processor once it is ready. */
    async startLimitedWorker(share) {
      const group = await mkdtemp(path.join(PROCESSOR_GROUPS, 'holdfast-bench-'));
      groups.push(group);
      const worker = await start(['worker', '--slots', '1'], { group });
      const periodUs = 100_000;
      await writeFile(path.join(group, 'cpu.cfs_period_us'), String(periodUs));
      await writeFile(path.join(group, 'cpu.cfs_quota_us'), String(Math.round(share * periodUs)));
      return worker;
    },
    /** Starts `holdfast run` as a process; `id` is the run id. */
    startRun: (id) =>
      execa(process.execPath, [CLI, 'run', '--run-id', id, '--reporter', 'ci', '--reporter', 'json=result.json'], {
        cwd: project.folder,
        env,
        reject: false,
      }),
    /** Runs it to the end, which must be green; returns its JSON result. */
    async run(id, args = []) {
      const words = ['run', '--run-id', id, '--reporter', 'ci', '--reporter', 'json=result.json', ...args];
      await execa(process.execPath, [CLI, ...words], { cwd: project.folder, env });
      return JSON.parse(await readFile(path.join(project.folder, 'result.json'), 'utf8'));
    },
    /** The copies of a file that have started, oldest first. */
    async starts(file) {
      const text = await readFile(path.join(project.folder, 'starts'), 'utf8').catch(() => '');
      return text
        .split('\n')
        .map((line) => line.split(' '))
        .filter(([name]) => name === file)
        .map(([, worker, pid, atMs]) => ({ worker, pid: Number(pid), atMs: Number(atMs) }));
    },
    result: async () => JSON.parse(await readFile(path.join(project.folder, 'result.json'), 'utf8')),
    async stop() {
      for (const child of processes) {
        child.kill('SIGCONT');
        child.kill('SIGKILL');
      }
      await Promise.all(processes);
      for (const group of groups)
        await until(`${group} is empty`, () =>
          rmdir(group).then(
            () => true,
            () => false,
          ),
        );
      await server.kill();
      await rm(data, { recursive: true, force: true });
      await project.remove();
    },
  };
}

/** Waits for a condition, for a minute at most. */
export async function until(what, look, everyMs = 10) {
  const end = performance.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`It never happened that ${what}.`);
    await delay(everyMs);
  }
}

/** Is this process running, and not a zombie? */
export async function isAlive(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat !== null && stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
}
