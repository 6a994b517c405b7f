// `npm run bench:faults [-- handover frozen cancel stuck orphans chaos beats others]`: the second table of docs/benchmarks.md.
// HOLDFAST_BENCH_TIMES: repetitions of each handover, 20.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { HOLDS, isAlive, startFleet, until } from './fleet.mjs';
import { CLI, machine, makeProject, row, rows, spread, timed } from './measure.mjs';
import { benchOthers } from './others.mjs';

const SHELL = { framework: 'command', command: ['sh', '{file}'], include: ['*.sh'], maxLosses: 1_000 };
const several = (count, script) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${String(index).padStart(3, '0')}.sh`, script]));
const times = Number(process.env.HOLDFAST_BENCH_TIMES || 20);

/** Time from a kill until the file starts on another worker, in ms, repeated. Kills the workers of `lanes` files at a time. */
async function handovers({ signal, heartbeatMs, profile = true, lanes = 1, slots = 1 }) {
  const files = several(lanes, HOLDS);
  const fleet = await startFleet({ profile, files, suite: { ...SHELL, heartbeatTimeoutMs: heartbeatMs } });
  try {
    let workers = await Promise.all(Array.from({ length: 2 * lanes }, () => fleet.startWorker(slots)));
    const run = fleet.startRun('handover');
    const took = [];
    for (let round = 1; took.length < times; round += 1) {
      const held = await Promise.all(
        Object.keys(files).map((file) => until(`${file} runs`, async () => (await fleet.starts(file))[round - 1])),
      );
      await delay(500 + Math.random() * heartbeatMs); // Any moment between two heartbeats.
      const victims = workers.filter(({ name }) => held.some(({ worker }) => worker === name));
      const struckAtMs = Date.now();
      for (const victim of victims) victim.kill(signal);
      for (const file of Object.keys(files)) {
        const next = await until(`${file} runs again`, async () => (await fleet.starts(file))[round]);
        took.push(next.atMs - struckAtMs);
      }
      workers = workers.filter((worker) => !victims.includes(worker));
      for (const victim of victims) {
        victim.kill('SIGCONT');
        victim.kill('SIGKILL');
      }
      workers.push(...(await Promise.all(victims.map(() => fleet.startWorker(slots)))));
    }
    await writeFile(path.join(fleet.folder, 'go'), '');
    if ((await run).exitCode !== 0) throw new Error('The run was not green.');
    return took.slice(0, times);
  } finally {
    await fleet.stop();
  }
}

const seconds = (ms, digits = 2) =>
  spread(
    ms.map((one) => one / 1_000),
    digits,
  );

async function benchHandover() {
  row(
    'SIGTERM → same file starts on another worker, s',
    'median <= 0.2, max <= 1',
    seconds(await handovers({ signal: 'SIGTERM', heartbeatMs: 10_000 }), 3),
  );
  for (const heartbeatMs of [2_000, 10_000]) {
    for (const profile of [true, false]) {
      const must = `max <= ${heartbeatMs / 1_000 + (profile ? 0.5 : 1.5)}`;
      const took = await handovers({ signal: 'SIGKILL', heartbeatMs, profile, lanes: 4 });
      row(
        `SIGKILL → same, timeout ${heartbeatMs / 1_000} s, ${profile ? 'server profile' : 'plain server'}, s`,
        must,
        seconds(took),
      );
    }
  }
}

async function benchFrozen() {
  const took = await handovers({ signal: 'SIGSTOP', heartbeatMs: 2_000, slots: 2 });
  row('SIGSTOP of a worker with a free slot → same, timeout 2 s, s', 'max <= 5', seconds(took));
}

async function benchCancel() {
  for (const profile of [true, false]) {
    const heartbeatMs = 6_000;
    const fleet = await startFleet({ profile, files: several(4, HOLDS), suite: { ...SHELL, heartbeatTimeoutMs: heartbeatMs } });
    const connection = await Connection.connect({ address: fleet.address });
    try {
      const { workflow } = new Client({ connection });
      await fleet.startWorker(4);
      const took = [];
      for (let round = 1; took.length < times / 2; round += 1) {
        const run = fleet.startRun(`cancel-${round}`);
        const copies = await Promise.all(
          Object.keys(several(4, '')).map((file) => until(`${file} runs`, async () => (await fleet.starts(file))[round - 1])),
        );
        await delay(500 + Math.random() * 1_000);
        const start = performance.now();
        await workflow.getHandle(`suite/bench/cancel-${round}`).cancel();
        await until(
          'all tests are dead',
          async () => !(await Promise.all(copies.map(({ pid }) => isAlive(pid)))).includes(true),
          2,
        );
        took.push(performance.now() - start);
        await run;
      }
      const must = profile ? 'max <= 0.5' : `max <= ${heartbeatMs / 3_000 + 0.5}`;
      row(`cancel of a run → last child dead, ${profile ? 'server profile' : 'plain server'}, s`, must, seconds(took));
    } finally {
      await connection.close();
      await fleet.stop();
    }
  }
}

async function benchStuck() {
  const loop = `echo "$HOLDFAST_FILE $HOLDFAST_WORKER $$ $(date +%s%3N)" >> starts
exec python3 -c 'import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True: pass'`;
  const [timeoutMs, killGraceMs] = [1_000, 500];
  const fleet = await startFleet({ files: several(1, loop), suite: { ...SHELL, timeoutMs, killGraceMs } });
  try {
    await fleet.startWorker();
    const took = [];
    for (let round = 1; took.length < times / 2; round += 1) {
      const run = fleet.startRun(`stuck-${round}`);
      const { pid, atMs } = await until('the loop runs', async () => (await fleet.starts('000.sh'))[round - 1]);
      await until('it is dead', async () => !(await isAlive(pid)), 2);
      took.push(Date.now() - atMs - timeoutMs - killGraceMs);
      await run;
    }
    row('stuck native loop: from its hard deadline until it is dead, s', 'max <= 0.5', seconds(took));
  } finally {
    await fleet.stop();
  }
}

async function benchOrphans() {
  const mark = `orphan-${process.pid}`;
  const body = `setsid sh -c 'while :; do sleep 1; done' ${mark} &
sh -c 'while :; do sleep 1; done' ${mark} &
while [ ! -e go ]; do sleep 0.2; done`;
  const fleet = await startFleet({ files: several(8, body), suite: { ...SHELL, heartbeatTimeoutMs: 1_000 } });
  try {
    const marked = async () => {
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
      const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
      return commands.filter((command) => command.endsWith(`\0${mark}\0`)).length;
    };
    let workers = await Promise.all([1, 2, 3].map(() => fleet.startWorker(2)));
    const run = fleet.startRun('orphans');
    await until('tests run', marked);
    for (let kills = 0; kills < 100; kills += 1) {
      await delay(Math.random() * 300);
      const victim = workers[Math.floor(Math.random() * workers.length)];
      victim.kill('SIGKILL');
      await victim.process;
      workers = workers.filter((worker) => worker !== victim);
      workers.push(await fleet.startWorker(2));
    }
    const before = await marked();
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.map((worker) => worker.process));
    await delay(1_000);
    row(
      'orphan processes 1 s after 100 random SIGKILLs of workers and the end of the rest',
      '0',
      `${await marked()} (${before} ran before)`,
    );
    run.kill('SIGKILL');
  } finally {
    await fleet.stop();
  }
}

async function benchChaos() {
  let state = 20_261_123;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [
      `${String(index).padStart(3, '0')}.sh`,
      `echo "$HOLDFAST_FILE" >> begun; sleep ${(0.2 + 1.8 * random()).toFixed(2)}; echo "$HOLDFAST_FILE" >> ended`,
    ]),
  );
  const project = await makeProject({ files, suite: { ...SHELL, heartbeatTimeoutMs: 2_000 }, slots: 1 });
  const makespans = { calm: [], struck: [] };
  const books = [];
  try {
    for (const seed of [1, 2, 3]) {
      for (const [kind, every] of Object.entries({ calm: '10h', struck: '2s' })) {
        await execa('rm', ['-f', 'begun', 'ended'], { cwd: project.folder });
        const args = [
          'chaos',
          '--processes',
          '4',
          '--every',
          every,
          '--mix',
          'term=1,kill=1',
          '--seed',
          String(seed),
          '--respawn',
          '1s',
        ];
        const { exitCode, stdout } = await execa(process.execPath, [CLI, ...args, '--max-time', '10m'], {
          cwd: project.folder,
          reject: false,
        });
        if (exitCode !== 0) throw new Error(`holdfast chaos ended with ${exitCode}: ${stdout}`);
        makespans[kind].push(Number(/makespan of \S+ ([\d.]+) s/.exec(stdout)?.[1]));
        const ended = new Set((await readFile(path.join(project.folder, 'ended'), 'utf8')).trim().split('\n'));
        if (ended.size !== 200) throw new Error(`Only ${ended.size} files say that they ran.`);
        if (kind === 'struck') books.push(/^chaos: (\d+ kills .*)$/m.exec(stdout)?.[1]);
      }
    }
  } finally {
    await project.remove();
  }
  row(
    '200 files, 4 workers, a kill every 2 s: lost, counted twice, failed',
    '0, 0, 0',
    `0, 0, 0 in each of 3 runs (${books.join('; ')})`,
  );
  const ratios = makespans.struck.map((ms, index) => ms / makespans.calm[index]);
  row('makespan with kills ÷ without', '<= 1.5', spread(ratios));
}

async function benchBeats() {
  const count = 100;
  const sleeps = `echo "$HOLDFAST_FILE" >> starts; exec sleep 45`; // Not HOLDS: its polling would cost more than the heartbeats.
  const fleet = await startFleet({ files: several(count, sleeps), suite: { ...SHELL, maxInFlight: count } });
  try {
    const worker = await fleet.startWorker(count);
    const run = fleet.startRun('beats');
    await until(
      'all of them run',
      async () => (await readFile(path.join(fleet.folder, 'starts'), 'utf8').catch(() => '')).split('\n').length > count,
    );
    await delay(3_000);
    const before = [await cpuMs(worker.pid), await cpuMs(fleet.serverPid)];
    await delay(20_000);
    const used = [await cpuMs(worker.pid), await cpuMs(fleet.serverPid)].map((ms, index) => (ms - before[index]) / 20_000);
    row(
      'beats of 100 running attempts, each every second: processors used by worker, by server',
      'stated',
      used.map((share) => share.toFixed(2)).join(', '),
    );
    const { exitCode, stdout } = await run;
    if (exitCode !== 0) throw new Error(`The run was not green: ${stdout}`);
  } finally {
    await fleet.stop();
  }
}

/** proc(5): the 14th and 15th fields of stat, in hundredths of a second. */
async function cpuMs(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/** From the signal until the process has ended. */
async function benchIdle() {
  const fleet = await startFleet({ files: several(1, ''), suite: SHELL });
  try {
    const took = [];
    for (let round = 0; round < times / 2; round += 1) {
      const worker = await fleet.startWorker();
      await delay(1_000);
      took.push(
        await timed('sh', ['-c', `kill -TERM ${worker.pid}; while kill -0 ${worker.pid} 2>/dev/null; do sleep 0.005; done`]),
      );
      await worker.process;
    }
    row('an idle worker told to leave → gone, s', '< 0.2', seconds(took, 3));
  } finally {
    await fleet.stop();
  }
}

const BENCHES = {
  handover: benchHandover,
  idle: benchIdle,
  frozen: benchFrozen,
  cancel: benchCancel,
  stuck: benchStuck,
  orphans: benchOrphans,
  chaos: benchChaos,
  beats: benchBeats,
  others: benchOthers,
};
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES);
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}`);
for (const name of wanted) await BENCHES[name]();

console.log('\n| what | must | measured |\n|---|---|---|');
for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
