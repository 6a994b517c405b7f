import { EXIT } from '../core/errors.js';
import type { FileReport, SuiteReport } from '../core/model/suite-report.js';

/** Most files named in a suggested command. */
const FILES_IN_A_COMMAND = 3;

/** Commands to continue with after a run that is not green, each with what it does. Empty for a green run. */
export function nextSteps({ run, files, totals }: SuiteReport): (readonly [command: string, purpose: string])[] {
  if (run.status === 'passed') return [];
  if (run.exitCode === EXIT.noTests)
    return [[shell(['holdfast', 'run', '--suite', run.suite, '--list']), 'list the files it finds']];
  const show = ['holdfast', 'show', run.id];
  const steps: (readonly [string, string])[] = [];
  const red = files.filter(({ verdict }) => verdict === 'failed' || verdict === 'infraError');
  if (red.length > 0) steps.push([shell([...show, '--failed']), 'show every failure in full']);
  const paths = [...new Set(red.map(({ path }: FileReport) => path))];
  if (paths.length > 0 && paths.length <= FILES_IN_A_COMMAND)
    steps.push([shell(['holdfast', 'run', '--suite', run.suite, ...dashed(paths)]), 'run only these files again']);
  if (totals.notRun + totals.lost > 0 || (red.length === 0 && run.status !== 'failed')) {
    steps.push([shell(['holdfast', 'run', '--suite', run.suite]), 'run the suite again']);
  }
  if (totals.infraError > 0 || run.status === 'incomplete')
    steps.push(['holdfast doctor', 'check the server, the queues and the workers']);
  return steps;
}

/** Puts `./` before a path that would look like an option. */
function dashed(paths: readonly string[]): string[] {
  return paths.map((path) => (path.startsWith('-') ? `./${path}` : path));
}

/** Quotes words for a POSIX shell. */
function shell(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quoted(word))).join(' ');
}

function quoted(word: string): string {
  const controls = /[^\P{Cc}]/u;
  if (!controls.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = word
    .replace(/[\\']/g, '\\$&')
    .replace(/\p{Cc}/gu, (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `$'${escaped}'`;
}
