import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { Framework } from '../../src/frameworks/framework.js';
import { mocha } from '../../src/frameworks/mocha/adapter.js';
import type { FileRun } from '../../src/frameworks/run-file.js';
import { suiteFolder, temporaryProject } from '../support/run-framework.js';
import { aWarmWorker, cold, kindOf, running } from '../support/run-warm.js';

/** What a case leaves behind, and whether the process of its file ends by itself. */
const SITUATIONS: readonly { readonly body: string; readonly staysOpen?: RegExp }[] = [
  { body: "setTimeout(() => { throw new Error('late'); }, 150);" },
  { body: "setTimeout(() => { Promise.reject(new Error('late')); }, 150);" },
  { body: 'setTimeout(() => process.exit(3), 150);' },
  { body: 'setTimeout(() => {}, 150);' },
  { body: "setImmediate(() => { throw new Error('soon'); });" },
  { body: 'process.exitCode = 5;' },
  { body: "process.on('exit', () => { process.exitCode = 3; });" },
  { body: "process.on('exit', () => { throw new Error('at exit'); });" },
  { body: "require('node:http').createServer().listen(0);", staysOpen: /TCPServerWrap/ },
  { body: 'setInterval(() => {}, 1_000);', staysOpen: /Timeout/ },
  { body: "new (require('node:worker_threads').MessageChannel)().port1.on('message', () => {});", staysOpen: /MessagePort/ },
];
const GRACE_MS = 400;
const env = { HOLDFAST_OPEN_GRACE_MS: String(GRACE_MS) };
const stayedOpenOf = ({ end }: FileRun) => ('stayedOpen' in end ? (end.stayedOpen ?? []).join() : '');

describe.each<{ framework: Framework; command: readonly string[]; head: string; it: string }>([
  { framework: mocha, command: [join('node_modules', 'mocha', 'bin', 'mocha.js')], head: '', it: 'it' },
])('$framework.name: what a file leaves open has the verdict of the framework', ({ framework, command, head, it }) => {
  const fileOf = (body: string) => `${head}${it}('does it', () => { console.log('pid ' + process.pid); ${body} });\n`;

  test.each(SITUATIONS)('$body', async ({ body, staysOpen }) => {
    const cwd = await temporaryProject({ 'a.test.js': fileOf(''), 'b.test.js': fileOf(body) });
    const byFramework = async () =>
      staysOpen
        ? 0
        : (
            await execa(process.execPath, [...command, 'b.test.js'], {
              cwd,
              env: suiteFolder(framework, cwd).env,
              extendEnv: false,
              stdin: 'ignore',
              reject: false,
            })
          ).exitCode;
    const worker = aWarmWorker();
    const [alone, first, later] = [
      running(cwd, cold, framework, { env }),
      running(cwd, aWarmWorker(), framework, { env }),
      running(cwd, worker, framework, { env }),
    ];
    await later('a.test.js');
    const runs = [await alone('b.test.js'), await first('b.test.js'), await later('b.test.js'), await later('b.test.js')];
    expect(runs.map(kindOf)).toEqual(Array(4).fill((await byFramework()) === 0 ? 'passed' : 'failed'));
    for (const run of runs) {
      expect(run.redAfter).toBeUndefined();
      expect(stayedOpenOf(run)).toMatch(staysOpen ?? /^$/);
    }
    expect(kindOf(await later('a.test.js'))).toBe('passed');
  });
});
