import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RunnerError } from '../../core/errors.js';
import type { SuiteFolder } from '../framework.js';
import { listingFailed, runListing } from '../listing.js';
import { findProgram } from '../program.js';

const CLASS_PATH_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath';
const GET_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get';
const CONSOLE = 'junit-platform-console-standalone';
/** The first platform version whose console can list tests. */
const OLDEST = { major: 1, minor: 10 };
/** Lines of Maven's output with general advice. */
const ADVICE =
  /^\[ERROR\] (?:To see the full stack trace|Re-run Maven|For more information|\[Help \d|-> \[Help).*\n?|^\[ERROR\] *\n/gm;

/** Finds Maven, preferring the project's wrapper. */
export async function findMaven(folder: SuiteFolder): Promise<string | null> {
  return (await findProgram(folder, './mvnw')) ?? (await findProgram(folder, 'mvn'));
}

/** Finds a program of the JDK that Maven uses. */
export function findOfJdk(folder: SuiteFolder, name: 'java' | 'javac'): Promise<string | null> {
  const home = folder.env.JAVA_HOME;
  return findProgram(folder, home ? join(home, 'bin', name) : name);
}

/** Compiles project and tests and, given a path, writes the tests' class path there. Throws RunnerError LISTING_FAILED. */
export async function compileTests(folder: SuiteFolder, classPathFile: string | null): Promise<void> {
  const goals = classPathFile === null ? [] : [CLASS_PATH_GOAL, `-Dmdep.outputFile=${classPathFile}`, '-Dmdep.includeScope=test'];
  await runMaven(folder, ['test-compile', ...goals]);
}

/**
 * Finds JUnit's console in the project's version of JUnit: on the class path, or else in the local repository, into which Maven
 * downloads it if necessary. Throws RunnerError FRAMEWORK_MISSING.
 */
export async function consoleFor(folder: SuiteFolder, jars: readonly string[]): Promise<string> {
  const own = jars.find((jar) => jar.includes(`/${CONSOLE}-`));
  if (own !== undefined) return own;
  const commons = jars.find((jar) => jar.includes('/junit-platform-commons-'));
  const version = versionIn(jars, 'junit-platform-commons');
  if (commons === undefined || version === null)
    throw new RunnerError('FRAMEWORK_MISSING', `The tests of ${folder.cwd} have no JUnit 5 or later on their class path.`);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor))
    throw new RunnerError('FRAMEWORK_MISSING', `JUnit 5.10 or later is needed, and ${folder.cwd} has JUnit Platform ${version}.`);
  const jar = join(dirname(commons), '../..', CONSOLE, version, `${CONSOLE}-${version}.jar`);
  if (await isThere(jar)) return jar;
  const artifact = `org.junit.platform:${CONSOLE}:${version}`;
  const failure = await runMaven(folder, [GET_GOAL, `-Dartifact=${artifact}`, '-Dtransitive=false']).catch(
    (error: unknown) => error,
  );
  if (await isThere(jar)) return jar;
  throw new RunnerError(
    'FRAMEWORK_MISSING',
    `JUnit's console, ${artifact}, is not in the local Maven repository, and Maven could not fetch it. Add it to the test dependencies of the project, or run \`mvn dependency:get -Dartifact=${artifact}\` where there is a network.`,
    { cause: failure },
  );
}

/** JUnit's version: 5.13.4 for platform 1.13.4; since 6 both are the same. */
export function versionOfJunit(jars: readonly string[]): string | null {
  return versionIn(jars, 'junit-jupiter-api') ?? versionIn(jars, 'junit-platform-commons');
}

function versionIn(jars: readonly string[], artifact: string): string | null {
  const name = new RegExp(`/${artifact}-([^/]+)\\.jar$`);
  return jars.map((jar) => name.exec(jar)?.[1]).find((version) => version !== undefined) ?? null;
}

async function runMaven(folder: SuiteFolder, words: readonly string[]): Promise<void> {
  const maven = await findMaven(folder);
  if (maven === null) throw new RunnerError('FRAMEWORK_MISSING', NO_MAVEN);
  const argv = [maven, '--batch-mode', '--quiet', '-Dstyle.color=never', ...words] as const;
  const { stdout, stderr, exitCode } = await runListing(folder, argv);
  if (exitCode !== 0) throw listingFailed(argv, (stdout || stderr).replaceAll(ADVICE, ''));
}

export const NO_MAVEN = 'There is no Maven: no `mvnw` in the folder of the suite, no `mvn` on the PATH of the tests.';

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
