import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { startStack } from '../support/cluster.js';
import { aProject } from '../support/project.js';

/** Far below the minute that a stack may take to start, far above what it takes to find out. */
const SOON_MS = 40_000;

test('a stack that is suspended holds up no command: it says which process that is, and what to do', async () => {
  const project = await aProject();
  const stack = await startStack(project);
  const pid = stack.process.pid ?? 0;
  onTestFinished(async () => {
    process.kill(pid, 'SIGCONT');
    await stack.stop();
    await project.remove();
  });
  process.kill(pid, 'SIGSTOP');
  const begin = performance.now();
  const list = await runCli(['list'], { cwd: project.root });
  expect(list).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('does not answer: it is suspended.') });
  expect(list.stderr).toContain(`kill -CONT ${pid}`);
  expect(performance.now() - begin).toBeLessThan(SOON_MS);

  process.kill(pid, 'SIGCONT');
  expect(await runCli(['list'], { cwd: project.root })).toMatchObject({ exitCode: 0 });
});
