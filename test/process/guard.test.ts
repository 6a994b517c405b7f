import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, type ResultPromise } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive, kill } from '../support/processes.js';
import { until } from '../support/until.js';

const source = (name: string) => fileURLToPath(new URL(`../../src/adapters/process/${name}`, import.meta.url));
const JITI = fileURLToPath(import.meta.resolve('jiti/package.json').replace('package.json', 'lib/jiti-cli.mjs'));

/** Wrapped: a child process is a promise of its end, and would be waited for. */
type Parent = { readonly process: ResultPromise<{ cwd: string; reject: false }>; readonly pid: number };

let folder: string;
const pids: number[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-guard-'));
});
afterEach(async () => {
  // Without a warden nobody ends the test of a worker that is killed.
  const test = Number(await readFile(path.join(folder, 'pid'), 'utf8').catch(() => ''));
  for (const pid of [...pids.splice(0), ...(test > 0 ? [test] : [])]) {
    kill(pid, 'SIGCONT');
    kill(pid, 'SIGKILL');
  }
  await rm(folder, { recursive: true, force: true });
});

/**
 * Starts a process that holds a guard as a worker does, and runs a shell script under it with a lease of so many ms. It renews the lease
 * as long as there is a file `renew`, at most until then after its last beat.
 */
async function startParent(script: string, leaseMs: number): Promise<Parent> {
  const program = `
    import { existsSync } from 'node:fs';
    import { startGuard } from ${JSON.stringify(source('guard.ts'))};
    import { createRunProcess } from ${JSON.stringify(source('run-process.ts'))};
    import { claimWorkFolder } from ${JSON.stringify(source('work-folder.ts'))};
    const guard = startGuard();
    await claimWorkFolder('work', guard.cookie);
    const now = () => Number(process.hrtime.bigint()) / 1e6;
    const listeners = new Set();
    const lease = { signal: new AbortController().signal, expiresAtMs: now() + ${leaseMs}, onRenewal: (one) => (listeners.add(one), () => listeners.delete(one)) };
    setInterval(() => {
      if (!existsSync('renew')) return;
      lease.expiresAtMs = now() + ${leaseMs};
      for (const tell of listeners) tell(lease.expiresAtMs);
    }, 100).unref();
    guard.failed.then((reason) => console.log(reason));
    const env = { PATH: process.env.PATH };
    const run = createRunProcess(guard)(
      { argv: ['sh', '-c', ${JSON.stringify(script)}], cwd: process.cwd(), env, stdoutPath: 'out', stderrPath: 'out' },
      { timeoutMs: null, killGraceMs: 0, lease },
    );
    console.log((await run).kind);
    await guard.close();`;
  await writeFile(path.join(folder, 'parent.mts'), program);
  const parent = execa(process.execPath, [JITI, 'parent.mts'], { cwd: folder, reject: false });
  if (parent.pid !== undefined) pids.push(parent.pid);
  return { process: parent, pid: parent.pid ?? 0 };
}

const pidIn = (name: string) =>
  until(`${name} has a process id in it`, async () => {
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => '');
    return text.endsWith('\n') && Number(text);
  });
const isDead = (pid: number) => until(`${pid} is dead`, async () => !(await isAlive(pid)));
/** The wardens of this parent, at least one: proc(5), stat has the parent after the name and the state. */
const wardensOf = (parent: number) =>
  until(`${parent} has a warden`, async () => {
    const found: number[] = [];
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(parent) && command.includes('warden.js'))
        found.push(Number(pid));
    }
    return found.length > 0 && found;
  });

const FOR_EVER = 'echo $$ > pid; while :; do sleep 0.1; done';
const WITH_ESCAPED = `setsid sh -c 'echo $$ > escaped; while :; do sleep 0.1; done' & ${FOR_EVER}`;

test('a worker that is killed takes its test along, and what left the group', async () => {
  const parent = await startParent(WITH_ESCAPED, 600_000);
  const [pid, escaped] = await Promise.all([pidIn('pid'), pidIn('escaped')]);
  parent.process.kill('SIGKILL');
  await Promise.all([isDead(pid), isDead(escaped)]);
});

test('the test of a frozen worker is dead when its lease runs out, and not before', async () => {
  await writeFile(path.join(folder, 'renew'), '');
  const parent = await startParent(WITH_ESCAPED, 1_500);
  const [pid, escaped] = await Promise.all([pidIn('pid'), pidIn('escaped')]);
  parent.process.kill('SIGSTOP');
  const frozenAt = performance.now();
  await Promise.all([isDead(pid), isDead(escaped)]);
  expect(performance.now() - frozenAt).toBeGreaterThan(1_000); // 100 ms between renewals, and a busy machine.
});

test('a lease that is renewed keeps its test alive past many of its lengths', async () => {
  await writeFile(path.join(folder, 'renew'), '');
  const parent = await startParent('echo $$ > pid; while [ ! -e enough ]; do sleep 0.1; done; echo bye', 1_000);
  const pid = await pidIn('pid');
  const since = performance.now();
  await until('four leases have passed', () => performance.now() - since > 4_000);
  expect(await isAlive(pid)).toBe(true);
  await writeFile(path.join(folder, 'enough'), '');
  await parent.process;
  expect(await readFile(path.join(folder, 'out'), 'utf8')).toBe('bye\n');
});

test('an end that is the warden’s doing is not taken for the test’s own', async () => {
  const parent = await startParent(FOR_EVER, 700); // Nobody renews this lease, and nobody in the parent looks at it.
  const pid = await pidIn('pid');
  await isDead(pid);
  const { stdout } = await parent.process;
  expect(stdout).toBe('aborted');
});

test('an end that is the test’s own stays so', async () => {
  const parent = await startParent('echo $$ > pid; kill -KILL $$', 600_000);
  await pidIn('pid');
  const { stdout } = await parent.process;
  expect(stdout).toBe('signalled');
});

test('a warden that is killed is replaced by one that knows as much', async () => {
  const parent = await startParent(WITH_ESCAPED, 600_000);
  const [pid, escaped] = await Promise.all([pidIn('pid'), pidIn('escaped')]);
  const [first] = await wardensOf(parent.pid);
  kill(first ?? Number.NaN, 'SIGKILL');
  await until('another warden is there', async () => (await wardensOf(parent.pid)).some((one) => one !== first));
  expect(await isAlive(pid)).toBe(true);
  parent.process.kill('SIGKILL');
  await Promise.all([isDead(pid), isDead(escaped)]);
});

test('a warden that dies again and again is told to its worker', async () => {
  const parent = await startParent(FOR_EVER, 600_000);
  await pidIn('pid');
  const killed = new Set<number>();
  let said = '';
  parent.process.stdout.on('data', (text) => {
    said += text;
  });
  await until('the worker knows', async () => {
    if (killed.size < 3) {
      for (const warden of await wardensOf(parent.pid)) {
        if (!killed.has(warden)) kill(warden, 'SIGKILL');
        killed.add(warden);
      }
    }
    return said.includes('Its warden keeps dying.');
  });
  expect(killed.size).toBe(3);
});

test('what a worker and its warden left behind is ended by the next one; a living worker’s is left alone', async () => {
  const dead = await startParent(FOR_EVER, 600_000);
  const orphan = await pidIn('pid');
  for (const warden of await wardensOf(dead.pid)) kill(warden, 'SIGSTOP'); // A machine out of memory may take both.
  const wardens = await wardensOf(dead.pid);
  dead.process.kill('SIGKILL');
  for (const warden of wardens) kill(warden, 'SIGKILL');
  await dead.process;
  expect(await isAlive(orphan)).toBe(true);
  expect(await readdir(path.join(folder, 'work'))).toHaveLength(1);
  await rm(path.join(folder, 'pid'));

  await startParent(FOR_EVER, 600_000);
  const living = await pidIn('pid');
  await isDead(orphan);
  await rm(path.join(folder, 'pid'));
  await startParent(FOR_EVER, 600_000);
  await pidIn('pid');
  expect(await isAlive(living)).toBe(true);
  expect(await readdir(path.join(folder, 'work'))).toHaveLength(2);
});
