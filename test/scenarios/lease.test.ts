import { expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { aRunningProject } from '../support/cluster.js';
import { checkReport } from '../support/result.js';

const project = await aRunningProject();

// The SDK gives up an attempt of which it saw no beat for the timeout and five seconds: with 1 s that is at 6 s.
test('L1: an attempt lives past many heartbeat timeouts while its worker beats (F28)', async () => {
  await project.addSuite('long', { 'a.sh': 'echo "$HOLDFAST_WORKER" >> diary; sleep 9' });
  const args = ['run', '--suite', 'long', '--heartbeat-timeout', '1s', '--reporter', 'json=long.json'];
  expect((await runCli(args, { cwd: project.root })).exitCode).toBe(0);
  const { files } = await checkReport(await project.read('long.json'));
  expect(files).toMatchObject([{ verdict: 'passed', attempts: [{ number: 1, outcome: 'passed' }], losses: [] }]);
  expect(await project.lines('long/diary')).toHaveLength(1);
});
