// Time from the command to the first test process, and memory of the embedded stack.
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeProject, memoryBelow, repeat, row, run, spread, withStayingStack } from './measure.mjs';

const STAMP = 'date +%s%N > started.txt\n';

export async function benchStartup(times) {
  const project = await makeProject({
    files: { 'tests/a.sh': STAMP },
    suite: { framework: 'command', command: ['sh', '{file}'], include: ['tests/*.sh'] },
    slots: 2,
  });
  const { folder } = project;
  const once = async () => {
    const { typedAtMs } = await run(folder);
    return (Number(await readFile(path.join(folder, 'started.txt'), 'utf8')) / 1e6 - typedAtMs) / 1_000;
  };
  const first = await repeat(times, async () => {
    await rm(path.join(folder, '.holdfast'), { recursive: true, force: true });
    return once();
  });
  row('command typed → first test process, first time ever in a project, s', '<= 6', spread(first));
  row('the same, project known', '<= 3', spread(await repeat(times, once)));
  const whole = { cold: [], up: [] };
  for (let turn = 0; turn < times; turn += 1) {
    whole.cold.push((await run(folder)).wallMs / 1_000);
    await withStayingStack(folder, async () => {
      await run(folder); // Whoever stays has run something before.
      whole.up.push((await run(folder)).wallMs / 1_000);
    });
  }
  row('the whole command, nothing up, s', 'stated', spread(whole.cold));
  row('the same with a stack that has stayed', 'stated', spread(whole.up));
  await withStayingStack(folder, async () => {
    row('the same, stack already up', '<= 1', spread(await repeat(times, once)));
    const { pid } = JSON.parse(await readFile(path.join(folder, '.holdfast', 'stack.json'), 'utf8'));
    const parts = await memoryBelow(pid);
    const total = parts.reduce((sum, { mb }) => sum + mb, 0);
    row(
      'resident memory of the embedded stack, MB',
      'stated',
      `${total.toFixed(0)} (${parts.map(({ name, mb }) => `${name} ${mb.toFixed(0)}`).join(', ')})`,
    );
  });
  await project.remove();
}
