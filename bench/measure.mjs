// Shared by all measurements: projects in temporary folders, commands timed from outside, medians with their spread.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

export const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Makes a temporary project with one suite; `files` maps names to contents. */
export async function makeProject({ files, suite, slots }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  await writeFile(path.join(folder, 'holdfast.config.json'), JSON.stringify({ suites: { bench: suite }, worker: { slots } }));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Keeps a project's stack up while work is done. */
export async function withStack(folder, work, env = {}) {
  const stack = execa(process.execPath, [CLI, 'dev'], { cwd: folder, reject: false, env });
  await new Promise((resolve) => stack.stdout.once('data', resolve));
  try {
    return await work();
  } finally {
    stack.kill('SIGINT');
    await stack;
  }
}

/** Lets a command on a terminal start a project's stack, which stays up while work is done. */
export async function withStayingStack(folder, work) {
  const env = { HOLDFAST_IDLE: '30m', CI: '', SHELL: '/bin/sh' };
  const onTerminal = ['--quiet', '--return', '--command', `'${process.execPath}' '${CLI}' list`, '/dev/null'];
  await execa('script', onTerminal, { cwd: folder, env });
  try {
    return await work();
  } finally {
    await execa(process.execPath, [CLI, 'stop', '--force'], { cwd: folder, reject: false });
  }
}

/** One run of the bench suite; returns its JSON result and when the command was typed (epoch ms). */
export async function run(folder, args = []) {
  const typedAtMs = Date.now();
  const start = performance.now();
  const { exitCode, stderr, stdout } = await execa(
    process.execPath,
    [CLI, 'run', '--reporter', 'json=result.json', '--reporter', 'ci', ...args],
    { cwd: folder, reject: false },
  );
  const wallMs = performance.now() - start;
  if (exitCode !== 0) throw new Error(`holdfast run ended with ${exitCode}: ${stderr}${stdout}`);
  return { typedAtMs, wallMs, result: JSON.parse(await readFile(path.join(folder, 'result.json'), 'utf8')) };
}

export async function timed(command, args, options) {
  const start = performance.now();
  const { exitCode, stderr, stdout } = await execa(command, args, { reject: false, ...options });
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}: ${stderr}${stdout}`);
  return performance.now() - start;
}

export async function repeat(times, once) {
  const values = [];
  for (let index = 0; index < times; index += 1) values.push(await once(index));
  return values;
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** `12.3 (11.9–14.0, n=5)`: the median, the range and the number of values. */
export function spread(values, digits = 2) {
  const sorted = values.toSorted((a, b) => a - b);
  return `${median(values).toFixed(digits)} (${sorted[0].toFixed(digits)}–${sorted.at(-1).toFixed(digits)}, n=${values.length})`;
}

/** Resident memory in MB of a process and its descendants, by role: what several share counts for each in part (PSS). */
export async function memoryBelow(pid) {
  const parents = new Map();
  for (const entry of await readdir('/proc')) {
    const stat = /^\d+$/.test(entry) ? await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => null) : null;
    if (stat) parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (one) => one === pid || (parents.has(one) && parents.get(one) > 1 && isBelow(parents.get(one)));
  const rows = [];
  for (const one of parents.keys()) {
    if (!isBelow(one)) continue;
    const status = await readFile(`/proc/${one}/status`, 'utf8').catch(() => '');
    const rollup = await readFile(`/proc/${one}/smaps_rollup`, 'utf8').catch(() => '');
    const command = (await readFile(`/proc/${one}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const name =
      command[1] === 'server'
        ? 'temporal'
        : command.includes('worker')
          ? 'worker'
          : command.includes('dev')
            ? 'control+store'
            : 'warden';
    rows.push({
      name,
      mb: Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1_024,
      peakMb: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024,
    });
  }
  return rows;
}

export function machine() {
  return `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`;
}

export const rows = [];
export function row(what, must, value) {
  rows.push([what, must, value]);
  console.log(`${what} | ${must} | ${value}`);
}
