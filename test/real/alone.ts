import { execa } from 'execa';
import type { CaseCounts } from '../../src/core/model/cases.js';

/** What a framework itself counts when it runs these files without Holdfast, in one process where it can. */
export type CountAlone = (cwd: string, files: readonly string[]) => Promise<CaseCounts>;

const run = async (cwd: string, program: string, words: readonly string[], stream: 'stdout' | 'stderr' = 'stdout') => {
  const { stdout, exitCode, stderr } = await execa(program, words, {
    cwd,
    reject: false,
    stdin: 'ignore',
    maxBuffer: 256 * 1_024 * 1_024,
  });
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`${program} ${words.join(' ')} exited with ${exitCode}:\n${stderr}`);
  const red = stdout.split('\n').filter((line) => /^\s*(--- FAIL|not ok|FAILED|ERROR)/.test(line));
  if (exitCode === 1) console.warn(`Red without Holdfast, in ${cwd}:\n${red.join('\n')}`);
  return stream === 'stdout' ? stdout : stderr;
};

/** Of node:test, the totals at the end of its TAP: `# pass 12`. A process of its own for each file is node's own way. */
export const nodeTestAlone: CountAlone = async (cwd, files) => {
  const stdout = await run(cwd, process.execPath, ['--test', '--test-reporter=tap', ...files]);
  const total = (...words: string[]) =>
    words.reduce((sum, word) => sum + Number(last(stdout, new RegExp(`^# ${word} (\\d+)$`, 'gm'))), 0);
  return { passed: total('pass'), failed: total('fail', 'cancelled'), skipped: total('skipped', 'todo') };
};

/** Of pytest, the line at its end: `12 passed, 1 skipped, 2 xfailed in 3.21s`. */
export const pytestAlone: CountAlone = async (cwd, files) => {
  const stdout = await run(cwd, `${cwd}/.venv/bin/python`, ['-m', 'pytest', '-q', '--color=no', '--tb=no', ...files]);
  const summary = stdout.trim().split('\n').at(-1) ?? '';
  const total = (...words: string[]) =>
    words.reduce((sum, word) => sum + Number(new RegExp(`\\b(\\d+) ${word}s?\\b`).exec(summary)?.[1] ?? 0), 0);
  return { passed: total('passed', 'xpassed'), failed: total('failed', 'error'), skipped: total('skipped', 'xfailed') };
};

/** Of unittest, the lines of `-v`: `test_a (tests.test_a.A.test_a) ... ok`; the outcome has its own line after a warning. */
export const unittestAlone: CountAlone = async (cwd) => {
  const stderr = await run(cwd, `${cwd}/.venv/bin/python`, ['-m', 'unittest', '-v'], 'stderr');
  const total = (pattern: RegExp) => stderr.match(pattern)?.length ?? 0;
  return {
    passed: total(/(^| \.\.\. )ok$/gm),
    failed: total(/(^| \.\.\. )(FAIL|ERROR|unexpected success)$/gm),
    skipped: total(/(^| \.\.\. )(skipped .*|expected failure)$/gm),
  };
};

/** Of go, the lines it prints for people: `    --- PASS: TestA/b (0.00s)`. */
export const goTestAlone: CountAlone = async (cwd, files) => {
  const stdout = await run(cwd, 'go', ['test', '-count=1', '-v', ...files.map((file) => (file === '.' ? '.' : `./${file}`))]);
  const total = (word: string) => stdout.match(new RegExp(`^ *--- ${word}: .* \\(\\d+\\.\\d+s\\)$`, 'gm'))?.length ?? 0;
  return { passed: total('PASS'), failed: total('FAIL'), skipped: total('SKIP') };
};

/** Of RSpec, the line at its end: `12 examples, 1 failure, 2 pending`. */
export const rspecAlone: CountAlone = async (cwd, files) => {
  const stdout = await run(cwd, 'rspec', ['--format', 'progress', '--no-color', ...files]);
  const [, examples = 0, failed = 0, skipped = 0] =
    /^(\d+) examples?, (\d+) failures?(?:, (\d+) pending)?/m.exec(stdout)?.map((text) => Number(text ?? 0)) ?? [];
  return { passed: examples - failed - skipped, failed, skipped };
};

/** Of JUnit, the line at the end of `mvn test`: `Tests run: 797, Failures: 0, Errors: 0, Skipped: 59`. All that Maven finds by itself. */
export const mavenAlone: CountAlone = async (cwd) => {
  const stdout = await run(cwd, 'mvn', ['--batch-mode', '-Dstyle.color=never', 'test']);
  const line = last(stdout, /^\[\w+\] (Tests run: \d+, Failures: \d+, Errors: \d+, Skipped: \d+)$/gm);
  const [total = 0, failures = 0, errors = 0, skipped = 0] = (line.match(/\d+/g) ?? []).map(Number);
  const failed = failures + errors;
  return { passed: total - failed - skipped, failed, skipped };
};

function last(text: string, pattern: RegExp): string {
  const found = [...text.matchAll(pattern)].at(-1)?.[1];
  if (found === undefined) throw new Error(`Nothing like ${pattern} in:\n${text.slice(-2_000)}`);
  return found;
}
