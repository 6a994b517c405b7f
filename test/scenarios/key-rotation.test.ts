import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { startFleet } from '../support/fleet.js';
import { aProject } from '../support/project.js';

const aKey = () => `${randomBytes(32).toString('base64')}\n`;

test('the key of a fleet is replaced machine by machine, and no run notices', async () => {
  const project = await aProject();
  const [old, young] = [aKey(), aKey()];
  await project.write({ old, both: old + young, turned: young + old, young });
  await project.addSuite('unit', { 'a.sh': 'true', 'b.sh': 'true' });
  const keyed = (name: string) => ({ HOLDFAST_KEY_FILE: `${project.root}/${name}` });
  const fleet = await startFleet(project, { control: false });
  onTestFinished(async () => {
    await fleet.stop();
    await project.remove();
  });
  const run = (keys: string) => runCli(['run', '--suite', 'unit'], { cwd: project.root, env: { ...fleet.env, ...keyed(keys) } });
  let control = await fleet.startControl(keyed('old'));
  const turnControl = async (keys: string) => {
    control.process.kill('SIGTERM');
    await control.process;
    control = await fleet.startControl(keyed(keys));
  };
  const turnWorker = async (keys: string) => {
    await fleet.dismissWorkers();
    await fleet.startWorker(2, keyed(keys));
  };
  await turnWorker('old');

  // Appended everywhere: the old one still signs.
  await turnWorker('both');
  expect(await run('old')).toMatchObject({ exitCode: 0 });
  await turnControl('both');
  expect(await run('both')).toMatchObject({ exitCode: 0 });
  // On top everywhere: both are accepted, the first is used.
  await turnWorker('turned');
  expect(await run('both')).toMatchObject({ exitCode: 0 });
  await turnControl('turned');
  expect(await run('turned')).toMatchObject({ exitCode: 0 });
  // Removed everywhere.
  await turnControl('young');
  await turnWorker('young');
  expect(await run('young')).toMatchObject({ exitCode: 0 });
  expect(await run('old')).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('it is signed with a key that is not known here'),
  });
});
