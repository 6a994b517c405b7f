import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { RunnerError } from '../../core/errors.js';
import type { CaseSelection } from '../../core/plan/split.js';
import type { SuiteFolder } from '../framework.js';
import { classOf } from './classes.js';
import { findOfJdk } from './maven.js';
import { type CompiledProject, classPathOf } from './project.js';

/** Always set, since there is no terminal. The console rejects duplicate flags. */
const PLAIN = ['--disable-banner', '--disable-ansi-colors'];
/** The failures of other files are not the concern of one that runs after them. */
const FAIL_FAST = '--fail-fast';
const JUNIT_4 = /\/junit-4[^/]*\.jar$/;

/** The command that runs Java with this class path and, as with `mvn test`, with assertions. Throws RunnerError FRAMEWORK_MISSING. */
export async function javaCall(folder: SuiteFolder, classPath: readonly string[], ...flags: readonly string[]) {
  const java = await findOfJdk(folder, 'java');
  if (java === null) throw new RunnerError('FRAMEWORK_MISSING', NO_JAVA);
  return [java, '-ea', `-Dbasedir=${folder.cwd}`, ...flags, '-cp', classPath.join(delimiter)] as const;
}

export const NO_JAVA = 'There is no `java` on the PATH of the tests, nor in JAVA_HOME.';

/** Console arguments for both running and listing. The JUnit 4 engine is excluded without JUnit 4, since it would fail. */
export function consoleWords({ spec: { args } }: SuiteFolder, { jars }: CompiledProject): readonly string[] {
  const engines = jars.some((jar) => JUNIT_4.test(jar)) ? [] : ['--exclude-engine=junit-vintage'];
  return [...args, ...PLAIN.filter((word) => !args.includes(word)), ...engines];
}

/**
 * Arguments of the runner for the class of one file, after those of others. In a session they include the tests' class path, which the
 * process itself lacks.
 */
export async function runnerWords(
  folder: SuiteFolder,
  project: CompiledProject,
  file: string,
  {
    scratch,
    selection,
    before = [],
    isInSession = false,
  }: {
    readonly scratch: string;
    readonly selection?: CaseSelection;
    readonly before?: readonly string[];
    readonly isInSession?: boolean;
  },
) {
  const report = join(scratch, 'report.xml');
  const selected = selection === undefined ? '' : await leaveSelection(selection, scratch);
  const classPath = isInSession ? [`--class-path=${classPathOf(project).tests.join(delimiter)}`] : [];
  const classes = await Promise.all([...before, file].map((path) => classOf(folder.cwd, path)));
  const own = before.length > 0 ? await classOf(folder.cwd, file) : '';
  const select = classes.map((name) => `--select-class=${name}`);
  const console = consoleWords(folder, project).filter((word) => own === '' || word !== FAIL_FAST);
  return { report, words: [report, selected, own, 'execute', ...console, ...classPath, ...select] };
}

async function leaveSelection({ kind, names }: CaseSelection, scratch: string): Promise<string> {
  const path = join(scratch, 'selection');
  await writeFile(path, [kind, ...names.map((name) => name.join('\t'))].join('\n'));
  return path;
}
