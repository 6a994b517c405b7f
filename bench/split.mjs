// One file is half of all work: run whole, in parts, and beside pytest-xdist, which divides by cases.
import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { createJiti } from 'jiti';
import { makeProject, repeat, row, run, spread, timed, withStack } from './measure.mjs';
import { pytest } from './pytest.mjs';

const xdistArgs = (slots) => ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-n', String(slots), '--dist', 'worksteal'];

/** One file of 60 cases of a second, and others of 4 or of 12 such cases that together take as long. */
const OTHERS = [
  { count: 5, cases: 12 },
  { count: 15, cases: 4 },
];

export async function benchSplit(times) {
  const python = await pytest();
  process.env.VIRTUAL_ENV = path.dirname(path.dirname(python));
  for (const others of OTHERS) await benchHalf(others, python, times);
}

async function benchHalf(others, python, times) {
  const file = (cases) =>
    `import time\nimport pytest\n\n@pytest.mark.parametrize("n", range(${cases}))\ndef test_sleeps(n):\n    time.sleep(1)\n`;
  const files = Object.fromEntries(Array.from({ length: others.count }, (_, n) => [`tests/test_${n}.py`, file(others.cases)]));
  Object.assign(files, { 'tests/test_half.py': file(60), 'pytest.ini': '[pytest]\n' });
  const project = await makeProject({
    files,
    suite: { framework: 'pytest', warm: 'off', rules: [{ files: '**', splitOverMs: 15_000 }] },
    slots: 4,
  });
  await withStack(project.folder, async () => {
    const whole = await run(project.folder, ['--order', 'path']);
    await run(project.folder);
    const [split, warm, xdist] = [[], [], []];
    for (let round = 0; round < times; round += 1) {
      split.push(await run(project.folder));
      warm.push(await run(project.folder, ['--warm', 'on']));
      xdist.push(await timed(python, xdistArgs(4), { cwd: project.folder }));
    }
    const [{ parts, cases: ran }] = split[0].result.files.find((file) => file.path.endsWith('test_half.py')).attempts;
    const inSeconds = ({ result }) => result.run.makespanMs / 1_000;
    row(
      `one pytest file is half of 2 min, the rest ${others.count} files of ${others.cases} s, 4 slots: makespan with it whole, s`,
      'stated',
      inSeconds(whole).toFixed(1),
    );
    row(`the same in ${parts.length} parts, ${ran.length} cases in all: makespan, s`, 'stated', spread(split.map(inSeconds)));
    row(
      'its makespan ÷ the time of pytest-xdist -n 4 --dist worksteal',
      '<= 1.10',
      spread(split.map((one, index) => (1_000 * inSeconds(one)) / xdist[index])),
    );
    row(
      'the makespan with warm sessions ÷ the time of pytest-xdist',
      '<= 1.10',
      spread(warm.map((one, index) => (1_000 * inSeconds(one)) / xdist[index])),
    );
    row(
      'the whole command ÷ the time of pytest-xdist',
      'stated',
      spread(split.map(({ wallMs }, index) => wallMs / xdist[index])),
    );
  });
  await project.remove();
}

/** packaging (pytest), 2 slots: its files whole, in parts, and beside xdist. Its longest file is the floor of a run with whole files. */
export async function benchReal(times) {
  const { fetchPackaging } = await createJiti(import.meta.url).import('../test/real/fetch.ts');
  const folder = await fetchPackaging();
  const python = path.join(folder, '.venv/bin/python');
  await execa(python, ['-m', 'pip', 'install', '--quiet', 'pytest-xdist==3.8.0']);
  const project = await makeProject({ files: {}, suite: { framework: 'pytest', cwd: 'suite', warm: 'off' }, slots: 2 });
  await symlink(folder, path.join(project.folder, 'suite'));
  const config = path.join(project.folder, 'holdfast.config.json');
  const asItWas = await readFile(config, 'utf8');
  const { suites, ...rest } = JSON.parse(asItWas);
  const inParts = JSON.stringify({
    ...rest,
    suites: { bench: { ...suites.bench, rules: [{ files: '**', splitOverMs: 8_000 }] } },
  });
  const withConfig = async (text) => {
    await writeFile(config, text);
    return (await run(project.folder)).result.run;
  };
  await withStack(project.folder, async () => {
    await repeat(2, () => withConfig(asItWas));
    const [whole, split, xdist] = [[], [], []];
    for (let round = 0; round < times; round += 1) {
      whole.push(await withConfig(asItWas));
      split.push(await withConfig(inParts));
      xdist.push(await timed(python, xdistArgs(2), { cwd: folder }));
    }
    const ratio = ({ makespanMs, boundMs }) => makespanMs / boundMs;
    const beside = (runs) => spread(runs.map(({ makespanMs }, index) => makespanMs / xdist[index]));
    row('packaging (pytest, 17 files), 2 slots: makespan ÷ bound', '<= 1.10', spread(whole.map(ratio), 3));
    row('its makespan ÷ the time of pytest-xdist -n 2 --dist worksteal', 'stated', beside(whole));
    row('the same with splitOverMs of 8 s: makespan ÷ bound', 'stated', spread(split.map(ratio), 3));
    row('its makespan ÷ the time of pytest-xdist', 'stated', beside(split));
  });
  await project.remove();
}
