import { chmod } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runCli } from '../support/cli.js';
import { diaryScript } from '../support/diary.js';
import { aBench } from '../support/faults.js';
import { until } from '../support/until.js';

const bench = aBench();

// First: the server remembers for five minutes who polled, and no worker of an earlier test may look like one that could help.
test('P7: where every machine is like that the run ends as incomplete, with their reason; whoever asks is told it too', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const tool = `${project.root}/tools/short-lived`;
  await project.write({ 'tools/short-lived': '#!/bin/sh\nexec sh "$@"\n' });
  await chmod(tool, 0o755);
  const files = { '0.sh': diaryScript(`rm '${tool}'`), '1.sh': diaryScript(), '2.sh': diaryScript(), '3.sh': diaryScript() };
  await project.addSuite('nowhere', files, { command: [tool, '{file}'], maxLosses: 1_000 });
  await fleet.startWorker();
  const run = startRun('nowhere');
  await until('holdfast workers says so', async () => {
    const { stdout } = await runCli(['workers'], { cwd: project.root, env: fleet.env });
    return /sick: \d+ in a row could not be run/.test(stdout);
  });
  expect((await run).exitCode).toBe(3);
  const report = await reportOf('nowhere');
  expect(report.totals).toMatchObject({ planned: 4, passed: 1, notRun: 3 });
  for (const { verdict, reason } of report.files)
    if (verdict === 'notRun') expect(reason).toMatch(/^NoHealthyWorker: .*short-lived/);
});

test('P7: a machine that fails everything takes itself out and says so; its files pass elsewhere', async () => {
  const { project, fleet, startRun, reportOf } = bench;
  const files = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`${index}.sh`, diaryScript('sleep 0.2')]));
  await project.addSuite('broken', files, { command: ['only-on-sound-machines', '{file}'] });
  await project.write({ 'tools/only-on-sound-machines': '#!/bin/sh\nexec sh "$@"\n' });
  await chmod(`${project.root}/tools/only-on-sound-machines`, 0o755);
  const sick = await fleet.startWorker();
  let said = '';
  sick.process.stderr.on('data', (text) => {
    said += String(text);
  });
  const sound = { PATH: `${project.root}/tools:${process.env.PATH}` };
  await fleet.startWorker(1, sound);
  expect((await startRun('broken', [], sound)).exitCode).toBe(0);
  const report = await reportOf('broken');
  expect(report.totals).toMatchObject({ planned: 8, passed: 8 });
  for (const { losses } of report.files) for (const { cause } of losses) expect(cause).toBe('broken');
  await until('the sick worker says why it takes no more work', () => /takes no more|sick|no work/i.test(said));
});
