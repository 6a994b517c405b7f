// Skewed files on four slots: distance from the best order, and comparison with runners that divide files without knowing durations.
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { makeProject, ROOT, repeat, row, run, spread, timed, withStack } from './measure.mjs';
import { pytest } from './pytest.mjs';

/** 40 durations in ms, log-normal, seeded; scaled to a total of 47 s with 6 s for the longest. */
export function sleepsMs() {
  let seed = 20_261;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (seed + 1) / 2_147_483_649;
  };
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const raw = Array.from({ length: 39 }, () => Math.exp(normal()));
  const scale = 41_000 / raw.reduce((sum, value) => sum + value, 0);
  return [...raw.map((value) => Math.min(5_900, Math.round(value * scale))), 6_000];
}

const names = sleepsMs().map((ms, index) => [`t${String((index * 17) % 40).padStart(2, '0')}`, ms]); // Not in the order of their durations.

export async function benchMakespan(times) {
  await benchCommand(times);
  await benchVitest(times);
  await benchPytest(times);
}

async function benchCommand(times) {
  const files = Object.fromEntries(names.map(([name, ms]) => [`tests/${name}.sh`, `sleep ${ms / 1_000}\n`]));
  const project = await makeProject({
    files,
    suite: { framework: 'command', command: ['sh', '{file}'], include: ['tests/*.sh'] },
    slots: 4,
  });
  await withStack(project.folder, async () => {
    const ratio = ({
      result: {
        run: { makespanMs, boundMs },
      },
    }) => makespanMs / boundMs;
    row(
      '40 sleeping files (47 s, longest 6 s), 4 slots: makespan ÷ bound, nothing recorded',
      'stated',
      ratio(await run(project.folder)).toFixed(3),
    );
    const warm = await repeat(times, () => run(project.folder));
    row('the same with recorded durations', '<= 1.12', spread(warm.map(ratio), 3));
  });
  await project.remove();
}

/** The same durations as vitest files, beside vitest alone and in shards. */
export async function benchVitest(times) {
  const files = Object.fromEntries(
    names.map(([name, ms]) => [
      `tests/${name}.test.js`,
      `import { test } from 'vitest';\ntest('sleeps', () => new Promise((resolve) => setTimeout(resolve, ${ms})), 20000);\n`,
    ]),
  );
  files['package.json'] = '{ "type": "module", "devDependencies": { "vitest": "*" } }';
  const project = await makeProject({ files, suite: { framework: 'vitest', warm: 'off' }, slots: 4 });
  await symlink(path.join(ROOT, 'node_modules'), path.join(project.folder, 'node_modules'));
  const vitest = (...args) =>
    timed(process.execPath, [path.join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--pool=forks', ...args], {
      cwd: project.folder,
    });
  await withStack(project.folder, async () => {
    await run(project.folder);
    const ours = await repeat(times, async () => (await run(project.folder)).wallMs);
    const alone = await repeat(times, () => vitest('--maxWorkers=4'));
    const sharded = await repeat(times, async () =>
      Math.max(...(await Promise.all([1, 2, 3, 4].map((shard) => vitest('--maxWorkers=1', `--shard=${shard}/4`))))),
    );
    row('40 sleeping vitest files, 4 slots: wall time, s', 'stated', spread(ours.map((ms) => ms / 1_000)));
    row('÷ vitest alone with 4 forks', 'stated', spread(ours.map((ms, index) => ms / alone[index])));
    row('÷ 4 × vitest --shard, the slowest of the four', 'stated', spread(ours.map((ms, index) => ms / sharded[index])));
  });
  await project.remove();
}

async function benchPytest(times) {
  const python = await pytest();
  const files = Object.fromEntries(
    names.map(([name, ms]) => [`tests/test_${name}.py`, `import time\n\ndef test_sleeps():\n    time.sleep(${ms / 1_000})\n`]),
  );
  files['pytest.ini'] = '[pytest]\n';
  const project = await makeProject({ files, suite: { framework: 'pytest', warm: 'off' }, slots: 4 });
  const env = { VIRTUAL_ENV: path.dirname(path.dirname(python)), PATH: `${path.dirname(python)}:${process.env.PATH}` };
  Object.assign(process.env, env);
  await withStack(project.folder, async () => {
    await run(project.folder);
    const ours = await repeat(times, async () => (await run(project.folder)).wallMs);
    const xdist = await repeat(times, () =>
      timed(python, ['-m', 'pytest', '-q', '-n', '4', '--dist', 'loadfile'], { cwd: project.folder }),
    );
    row('the same as pytest files: wall time, s', 'stated', spread(ours.map((ms) => ms / 1_000)));
    row('÷ pytest-xdist -n 4 --dist loadfile', 'stated', spread(ours.map((ms, index) => ms / xdist[index])));
  });
  await project.remove();
}
