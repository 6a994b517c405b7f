// `npm run bench:order [-- sleeping vitest split real slow effort planner shared]`: the table “Order” of docs/benchmarks.md. HOLDFAST_BENCH_TIMES: repeats, 5.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { createJiti } from 'jiti';
import { startFleet, until } from './fleet.mjs';
import { benchVitest, sleepsMs } from './makespan.mjs';
import { CLI, machine, makeProject, median, repeat, row, rows, run, spread, withStack } from './measure.mjs';
import { benchReal, benchSplit } from './split.mjs';

const times = Number(process.env.HOLDFAST_BENCH_TIMES || 5);
const jiti = createJiti(import.meta.url);
const names = sleepsMs().map((ms, index) => [`t${String((index * 17) % 40).padStart(2, '0')}`, ms]); // Not in the order of their durations.
const SHELL = { framework: 'command', command: ['sh', '{file}'], include: ['tests/*.sh'] };
const ratio = ({ result }) => result.run.makespanMs / result.run.boundMs;

/** 40 sleeping files on 4 slots: the effect of recorded durations. */
async function sleeping() {
  const files = Object.fromEntries(names.map(([name, ms]) => [`tests/${name}.sh`, `sleep ${ms / 1_000}\n`]));
  const project = await makeProject({ files, suite: SHELL, slots: 4 });
  await withStack(project.folder, async () => {
    const cold = await run(project.folder);
    const byPath = await run(project.folder, ['--order', 'path']);
    const warm = await repeat(times, () => run(project.folder));
    row('40 sleeping files, 4 slots: makespan ÷ longest-first bound, nothing recorded', 'stated', ratio(cold).toFixed(3));
    row('the same in the order of their paths', 'stated', ratio(byPath).toFixed(3));
    row('the same with recorded durations', '<= 1.08', spread(warm.map(ratio), 3));
  });
  await project.remove();
}

/** Share of a processor for each worker: four of them leave a good part of two processors to the server. */
const SHARE = 0.4;

/** Four workers, one with a fifth of the CPU time of the others and with the longest file: what speculative attempts save. */
async function slow() {
  const loopsPerMs = await calibrate();
  const script = (ms) =>
    `echo "$HOLDFAST_FILE" >> starts; awk 'BEGIN { for (i = 0; i < ${Math.round(ms * SHARE * loopsPerMs)}; i++); }'\n`;
  const fleet = await startFleet({
    files: Object.fromEntries(names.map(([name, ms]) => [`tests/${name}.sh`, script(ms)])),
    suite: { ...SHELL, timeoutMs: 600_000 }, // The slow worker takes five times what was recorded.
  });
  const begun = async () => (await readFile(path.join(fleet.folder, 'starts'), 'utf8').catch(() => '')).split('\n').length;
  const withThree = async (work) => {
    const fast = await Promise.all([1, 2, 3].map(() => fleet.startLimitedWorker(SHARE)));
    const report = await work();
    for (const worker of fast) worker.kill('SIGTERM');
    await Promise.all(fast.map(({ process: ended }) => ended));
    return report;
  };
  const measured = async (id, args) => {
    const before = await begun();
    const running = fleet.run(id, args);
    await until('the slow worker has the longest file', async () => (await begun()) > before);
    return withThree(() => running);
  };
  try {
    await withThree(() => fleet.run('learn'));
    await fleet.startLimitedWorker(SHARE / 5);
    const [withCopies, without] = [[], []];
    for (let round = 0; round < times; round += 1) {
      withCopies.push(await measured(`copies-${round}`, []));
      without.push(await measured(`none-${round}`, ['--no-speculation']));
    }
    const makespan = ({ run: { makespanMs } }) => makespanMs;
    const work = ({ files: all }) => all.flatMap(({ attempts }) => attempts).reduce((sum, { durationMs }) => sum + durationMs, 0);
    row(
      '40 files that compute as long, one of 4 workers with a fifth of the processor time and with the longest: makespan with speculative attempts ÷ without',
      '<= 0.7',
      spread(withCopies.map((report, index) => makespan(report) / makespan(without[index]))),
    );
    row(
      'time of slots that copies cost ÷ all work',
      '<= 0.1',
      spread(
        withCopies.map((report) => report.run.wastedMs / work(report)),
        3,
      ),
    );
    row(
      'the same, of the slow worker only the fifth that it gets done',
      'stated',
      spread(
        withCopies.map((report) => report.run.wastedMs / 5 / work(report)),
        3,
      ),
    );
  } finally {
    await fleet.stop();
  }
}

/** Empty awk loops per millisecond of an unshared processor. */
async function calibrate() {
  const loops = 20_000_000;
  const runs = [];
  for (let round = 0; round < 3; round += 1) {
    const startedAt = performance.now();
    await execa('awk', [`BEGIN { for (i = 0; i < ${loops}; i++); }`]);
    runs.push(performance.now() - startedAt);
  }
  return loops / Math.min(...runs);
}

/** CPU-bound files, learnt on one slot and on four of the same two cores: the estimates of both. */
async function effort() {
  const loops = [40, 60, 80, 100, 120, 160, 200, 240];
  const files = Object.fromEntries(
    loops.map((millions, index) => [
      `tests/c${index}.js`,
      `let x = 0; for (let i = 0; i < ${millions}e6; i++) x += Math.sqrt(i); if (x < 0) process.exit(1);\n`,
    ]),
  );
  const suite = { framework: 'command', command: [process.execPath, '{file}'], include: ['tests/*.js'] };
  const learn = async (slots) => {
    const project = await makeProject({ files, suite, slots });
    const expected = await withStack(project.folder, async () => {
      await repeat(3, () => run(project.folder, ['--no-speculation']));
      const { stdout } = await execa(process.execPath, [CLI, 'durations', '--json'], { cwd: project.folder });
      return new Map(JSON.parse(stdout).suites[0].files.map((file) => [file.path, file]));
    });
    await project.remove();
    return expected;
  };
  const [alone, beside] = [await learn(1), await learn(4)];
  const differences = [...alone].map(([file, { ms }]) => Math.abs(beside.get(file).ms / ms - 1));
  const raw = [...alone].map(([file, { ms }]) => beside.get(file).slowestMs / ms);
  const order = (found) => [...found.values()].sort((a, b) => b.ms - a.ms).map(({ path: file }) => file);
  const moved = order(alone).filter((file, index) => order(beside)[index] !== file).length;
  row(
    'files that compute, learnt on 1 and on 4 slots of 2 cores: difference of the estimates',
    '<= 0.2',
    `${median(differences).toFixed(2)}, at most ${Math.max(...differences).toFixed(2)}`,
  );
  row('their wall time, 4 slots ÷ 1', 'stated', spread(raw));
  row('files of 8 whose place in the order differs', 'stated', String(moved));
}

/** The planner alone. */
async function planner() {
  const { planOrder } = await jiti.import('../src/core/plan/order.ts');
  const { simulate } = await jiti.import('../src/core/history/simulate.ts');
  const { seededRandom } = await jiti.import('../src/core/plan/random.ts');
  const files = Array.from({ length: 100_000 }, (_, n) => ({
    path: `packages/p${n % 97}/test/some-file-${(n * 7_919) % 100_000}.test.ts`,
    repeat: 1,
    estimateMs: n % 3 === 0 ? null : (n * 31) % 1_000,
  }));
  const spent = async (work) => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  row('100,000 files ordered, ms', '<= 300', spread(await repeat(times, () => spent(() => planOrder(files))), 0));
  const replayed = Array.from({ length: 10_000 }, (_, index) => ({ file: {}, tookMs: 5_000 - index / 2 }));
  const fleet = { workers: 16, slotsOfEach: 4, preemptEveryMs: 600_000, replaceMs: 1_000 };
  row(
    '10,000 files simulated, s',
    '<= 2',
    spread(await repeat(times, async () => (await spent(() => simulate(replayed, fleet, seededRandom(1)))) / 1_000)),
  );
}

/** A small run that starts while a large one has all slots. */
async function shared() {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`tests/${1_000 + n}.sh`, 'sleep 0.2\n']));
  const project = await makeProject({
    files: { ...many, ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`few/${n}.sh`, 'sleep 0.5\n'])) },
    suite: SHELL,
    slots: 4,
  });
  const config = JSON.parse(await readFile(path.join(project.folder, 'holdfast.config.json'), 'utf8'));
  config.suites.few = { ...SHELL, include: ['few/*.sh'] };
  await writeFile(path.join(project.folder, 'holdfast.config.json'), JSON.stringify(config));
  const few = async () => (await run(project.folder, ['--suite', 'few'])).result.run.makespanMs;
  await withStack(project.folder, async () => {
    await few();
    const alone = await repeat(times, few);
    const large = execa(process.execPath, [CLI, 'run', '--suite', 'bench', '--reporter', 'ci'], {
      cwd: project.folder,
      reject: false,
    });
    await until('the large run has begun', async () => {
      const { stdout } = await execa(process.execPath, [CLI, 'list', '--json'], { cwd: project.folder });
      return JSON.parse(stdout).runs.some(({ suite, status }) => suite === 'bench' && status === 'running');
    });
    const beside = [];
    for (let round = 0; round < Math.min(times, 3); round += 1) beside.push(await few());
    const { exitCode } = await large;
    if (exitCode !== 0) throw new Error(`The large run ended with ${exitCode}.`);
    row('5 files beside 500 of another run on 4 slots: makespan ÷ alone', '<= 2', spread(beside.map((ms) => ms / median(alone))));
  });
  await project.remove();
}

const BENCHES = { sleeping, vitest: benchVitest, split: benchSplit, real: benchReal, slow, effort, planner, shared };
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES);
console.log(`${new Date().toISOString().slice(0, 10)}, ${machine()}`);
for (const name of wanted) await BENCHES[name](times);
console.log('\n| what | must | measured |\n|---|---|---|');
for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
