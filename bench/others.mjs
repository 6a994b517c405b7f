// How the frameworks' own parallel runners handle a killed worker process: 20 files of one second, four workers, one SIGKILL.
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { makeProject, ROOT, row } from './measure.mjs';
import { pytest } from './pytest.mjs';

const COUNT = 20;
const names = Array.from({ length: COUNT }, (_, index) => String(index).padStart(2, '0'));

export async function benchOthers() {
  const mocha = await makeProject({
    files: Object.fromEntries(
      names.map((name) => [`test/${name}.js`, `it('${name}', () => new Promise((resolve) => setTimeout(resolve, 1000)));\n`]),
    ),
    suite: { framework: 'mocha' },
    slots: 1,
  });
  await symlink(path.join(ROOT, 'node_modules'), path.join(mocha.folder, 'node_modules'));
  const bin = path.join(ROOT, 'node_modules/mocha/bin/mocha.js');
  const options = { cwd: mocha.folder, reject: false };
  const run = execa(process.execPath, [bin, '--parallel', '--jobs', '4', '--timeout', '20000', '--reporter', 'json'], options);
  const first = await killOneBelow(run);
  const { stats, failures } = JSON.parse(first.stdout.slice(first.stdout.indexOf('{')) || '{"stats":{},"failures":[]}');
  tell('mocha --parallel --jobs 4', stats.passes ?? 0, failures.length, first.exitCode);
  await mocha.remove();

  const python = await pytest();
  const xdist = await makeProject({
    files: Object.fromEntries(
      names.map((name) => [`test_${name}.py`, 'import time\n\n\ndef test_sleeps():\n    time.sleep(1)\n']),
    ),
    suite: { framework: 'pytest' },
    slots: 1,
  });
  const second = await killOneBelow(
    execa(python, ['-m', 'pytest', '-q', '-n', '4', '-p', 'no:cacheprovider'], { cwd: xdist.folder, reject: false }),
  );
  const [, failed = '0'] = /(\d+) failed/.exec(second.stdout) ?? [];
  const [, passed = '0'] = /(\d+) passed/.exec(second.stdout) ?? [];
  tell('pytest-xdist -n 4', Number(passed), Number(failed), second.exitCode);
  await xdist.remove();
}

function tell(name, passed, failed, exitCode) {
  const missing = COUNT - passed - failed;
  row(
    `${name}, one worker process killed: of ${COUNT} tests that pass`,
    'stated',
    `${passed} passed, ${failed} called failed, ${missing} without a word; exit code ${exitCode}`,
  );
}

/** Kills the last child process of a runner in the middle of its work, and waits for its end; a minute at most. */
async function killOneBelow(runner) {
  await delay(2_500);
  const { stdout } = await execa('pgrep', ['-P', String(runner.pid)], { reject: false });
  const victim = Number(stdout.trim().split('\n').at(-1));
  if (!(victim > 1)) throw new Error('The runner has no worker process.');
  process.kill(victim, 'SIGKILL');
  const giveUp = setTimeout(() => runner.kill('SIGKILL'), 60_000);
  const result = await runner;
  clearTimeout(giveUp);
  return result;
}
