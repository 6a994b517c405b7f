// One file is half of all work: whole, in parts, and beside pytest-xdist, which divides by cases.
import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { createJiti } from 'jiti';
import { makeProject, repeat, row, run, spread, timed, withStack } from './measure.mjs';
import { pytest } from './pytest.mjs';

const xdistArgs = (slots) => ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-n', String(slots), '--dist', 'worksteal'];

/** 60 cases of 0.4 s in one file, and 12 files of 4 cases of half a second; 48 s in all. */
export async function benchSplit(times) {
  const python = await pytest();
  const cases = (count, seconds) =>
    `import time\nimport pytest\n\n@pytest.mark.parametrize("n", range(${count}))\ndef test_sleeps(n):\n    time.sleep(${seconds})\n`;
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`tests/test_${n}.py`, cases(4, 0.5)]));
  Object.assign(files, { 'tests/test_half.py': cases(60, 0.4), 'pytest.ini': '[pytest]\n' });
  const suite = { framework: 'pytest', rules: [{ files: '**', splitOver: 3_000 }] };
  const project = await makeProject({ files, suite, slots: 4 });
  process.env.VIRTUAL_ENV = path.dirname(path.dirname(python));
  await withStack(project.folder, async () => {
    const whole = await run(project.folder);
    await run(project.folder);
    const [split, xdist] = [[], []];
    for (let round = 0; round < times; round += 1) {
      split.push(await run(project.folder));
      xdist.push(await timed(python, xdistArgs(4), { cwd: project.folder }));
    }
    const half = split[0].result.files.find((file) => file.path.endsWith('test_half.py'));
    const seen = `${half.attempts[0].parts.length} parts, ${half.attempts[0].cases.length} cases`;
    row(
      'one pytest file is half of 48 s, 4 slots: makespan of the first run, with the file whole, s',
      'stated',
      (whole.result.run.makespanMs / 1_000).toFixed(2),
    );
    row(`the same in parts (${seen}): makespan, s`, 'stated', spread(split.map(({ result }) => result.run.makespanMs / 1_000)));
    row(
      'its makespan ÷ the time of pytest-xdist -n 4 --dist worksteal',
      '<= 1.10',
      spread(split.map(({ result }, index) => result.run.makespanMs / xdist[index])),
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
  const project = await makeProject({ files: {}, suite: { framework: 'pytest', cwd: 'suite' }, slots: 2 });
  await symlink(folder, path.join(project.folder, 'suite'));
  const config = path.join(project.folder, 'holdfast.config.json');
  const asItWas = await readFile(config, 'utf8');
  const { suites, ...rest } = JSON.parse(asItWas);
  const inParts = JSON.stringify({ ...rest, suites: { bench: { ...suites.bench, rules: [{ files: '**', splitOver: 8_000 }] } } });
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
    row('packaging (pytest, 17 files), 2 slots, warm: makespan ÷ bound', '<= 1.10', spread(whole.map(ratio), 3));
    row('its makespan ÷ the time of pytest-xdist -n 2 --dist worksteal', 'stated', beside(whole));
    row('the same with splitOver of 8 s: makespan ÷ bound', 'stated', spread(split.map(ratio), 3));
    row('its makespan ÷ the time of pytest-xdist', 'stated', beside(split));
  });
  await project.remove();
}
